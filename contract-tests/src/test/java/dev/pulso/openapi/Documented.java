package dev.pulso.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares responses with openapi.yaml: status, headers and body. */
public final class Documented {
  /** Headers of the connection or the gateway, the same for every operation. */
  private static final Set<String> OF_THE_WIRE =
      Set.of(
          "apigw-requestid",
          "connection",
          "content-length",
          "content-type",
          "date",
          "transfer-encoding",
          "vary");

  private static final int DECIMALS = 4;
  private static final int METHOD_NOT_ALLOWED = 405;

  private static final String HEAD = "HEAD";

  /** CORS answers preflights, for every operation. */
  private static final int PREFLIGHT = 204;

  /** Statuses that the edge may answer for any method. */
  private static final Set<Integer> WHATEVER_THE_METHOD = Set.of(400, 401, 405, 408, 413, 414, 431);

  private final OpenApi document = OpenApi.document();
  private final List<String> wrong = new ArrayList<>();

  private Documented() {}

  /**
   * Returns the response after checking that openapi.yaml documents it for this request. An unknown
   * address must be answered with NOT_FOUND.
   */
  public static Answer check(String method, String address, Answer answer) {
    assertThat(violations(method, address, answer))
        .as("%s %s: %s", method, address, answer)
        .isEmpty();
    return answer;
  }

  /** Returns how a response differs from the documentation. */
  static List<String> violations(String method, String address, Answer answer) {
    Documented check = new Documented();
    Optional<Operation> operation = check.document.operationAt(method, address);
    if (method.equals("OPTIONS") && answer.status() == PREFLIGHT) {
      check.isWithoutContent(answer);
    } else if (method.equals(HEAD)) {
      check.isWithoutBody(answer);
      operation.ifPresent(found -> check.holds(found, method, answer));
    } else if (operation.isPresent()) {
      check.holds(operation.get(), method, answer);
    } else {
      check.isUnrouted(answer);
    }
    return check.wrong;
  }

  private void isUnrouted(Answer answer) {
    if (answer.status() < 400 || answer.status() >= 500) {
      wrong.add("nothing is here, and yet it is answered");
    }
    hasBody("/components/schemas/Problem", answer);
  }

  private void holds(Operation operation, String method, Answer answer) {
    String place = operation.answers().get(answer.status());
    boolean ofItsMethod = (method.equals(HEAD) ? "GET" : method).equals(operation.method());
    if (place == null) {
      wrong.add(answer.status() + " is no answer of " + operation.id());
    } else if (ofItsMethod
        ? answer.status() == METHOD_NOT_ALLOWED
        : !WHATEVER_THE_METHOD.contains(answer.status())) {
      wrong.add(answer.status() + " is no answer to " + method);
    } else {
      hasHeaders(place, answer);
      if (!method.equals(HEAD)) {
        hasContent(place, answer);
      }
    }
  }

  private void hasHeaders(String place, Answer answer) {
    JsonNode known = document.at(place).path("headers");
    for (Map.Entry<String, JsonNode> header : known.properties()) {
      String there = document.follow(place + "/headers/" + header.getKey());
      Optional<String> value = answer.header(header.getKey());
      if (value.isPresent()) {
        wrong.addAll(document.violations(there + "/schema", value(there, value.get())));
      } else if (document.at(there).path("required").asBoolean()) {
        wrong.add("the header " + header.getKey() + " is missing");
      }
    }
    for (String name : answer.headers().keySet()) {
      String lower = name.toLowerCase(Locale.ROOT);
      boolean ours = !OF_THE_WIRE.contains(lower) && !lower.startsWith("access-control-");
      if (ours && known.properties().stream().noneMatch(h -> h.getKey().equalsIgnoreCase(name))) {
        wrong.add("the header " + name + " is not documented");
      }
    }
  }

  private JsonNode value(String header, String text) {
    boolean number = document.at(header + "/schema").path("type").asText().equals("integer");
    return number && text.matches("[0-9]{1,9}")
        ? new IntNode(Integer.parseInt(text))
        : new TextNode(text);
  }

  private void hasContent(String place, Answer answer) {
    JsonNode content = document.at(place).path("content");
    Optional<String> type = answer.mediaType();
    if (content.isEmpty()) {
      isWithoutContent(answer);
    } else if (type.isEmpty() || !content.has(type.get())) {
      wrong.add("the content type " + type + " is not documented");
    } else {
      hasBody(place + "/content/" + OpenApi.escape(type.get()) + "/schema", answer);
    }
  }

  private void isWithoutBody(Answer answer) {
    if (!answer.body().isEmpty()) {
      wrong.add("there is a body where none belongs");
    }
  }

  private void isWithoutContent(Answer answer) {
    if (!answer.body().isEmpty() || answer.mediaType().isPresent()) {
      wrong.add("there is content where none is documented");
    }
  }

  private void hasBody(String schema, Answer answer) {
    try {
      JsonNode body = OpenApi.JSON.readTree(answer.body());
      wrong.addAll(document.violations(schema, body));
      hasFewDecimals(body);
      if (body.has("detail") && !body.get("detail").equals(body.get("message"))) {
        wrong.add("message and detail are not the same");
      }
      String title = body.path("title").asText();
      if (document.titles(body.path("type").asText()).stream()
          .anyMatch(own -> !own.equals(title))) {
        wrong.add(title + " is not the title of the example");
      }
    } catch (JsonProcessingException e) {
      wrong.add("the body is no JSON: " + e.getOriginalMessage());
    }
  }

  private void hasFewDecimals(JsonNode node) {
    if (node.isBigDecimal() && node.decimalValue().scale() > DECIMALS) {
      wrong.add(node + " has more than " + DECIMALS + " decimals");
    }
    node.forEach(this::hasFewDecimals);
  }
}

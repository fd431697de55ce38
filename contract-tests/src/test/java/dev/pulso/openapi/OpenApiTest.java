package dev.pulso.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import dev.pulso.access.RateLimit;
import dev.pulso.local.server.Project;
import dev.pulso.local.server.http.Route;
import dev.pulso.local.server.template.TemplateReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Compares openapi.yaml with the template, and checks its consistency. */
class OpenApiTest {
  /** Codes of addresses without an operation. */
  private static final Set<String> CODES_OF_NO_OPERATION =
      Set.of("NOT_FOUND", "HTTP_VERSION_NOT_SUPPORTED", "UNKNOWN_HOST");

  private final OpenApi document = OpenApi.document();

  /** The handler of a route checks the method: DocumentedAnswersIT covers that. */
  @Test
  void pathsEqualThoseOfTemplate() {
    List<String> routes =
        TemplateReader.read(Project.root().resolve("template.yaml")).functions().stream()
            .flatMap(function -> function.routes().stream())
            .filter(route -> !route.path().equals(Route.DEFAULT_PATH))
            .map(route -> route.method() + " " + route.path())
            .toList();
    assertThat(document.operations().stream().map(Operation::path).distinct())
        .extracting(path -> Route.ANY_METHOD + " " + path)
        .containsExactlyInAnyOrderElementsOf(routes);
  }

  @Test
  void answerExamplesAreValid() {
    List<String> responses = document.names("/components/responses");
    assertThat(responses).isNotEmpty();
    for (String name : responses) {
      String content = "/components/responses/" + name + "/content";
      for (String type : document.names(content)) {
        String media = content + "/" + OpenApi.escape(type);
        assertThat(document.names(media + "/examples")).as(name).isNotEmpty();
        for (String example : document.names(media + "/examples")) {
          String value = document.follow(media + "/examples/" + example) + "/value";
          assertThat(document.violations(media + "/schema", document.at(value))).isEmpty();
        }
      }
    }
  }

  @Test
  void parameterAndHeaderExamplesAreValid() {
    for (String kind : List.of("/components/parameters", "/components/headers")) {
      assertThat(document.names(kind)).isNotEmpty();
      for (String name : document.names(kind)) {
        String place = kind + "/" + name;
        JsonNode example = document.at(place).path("example");
        JsonNode constant = document.at(place).at("/schema/const");
        JsonNode enumerated = document.at(place).at("/schema/enum");
        if (constant.isMissingNode() && enumerated.isMissingNode()) {
          assertThat(document.violations(place + "/schema", example)).as(place).isEmpty();
        }
      }
    }
  }

  @Test
  void longestWaitOfRateLimitIsAllowed() {
    long seconds = RateLimit.parse("1/9999s").orElseThrow().window().toSeconds();
    String schema = "/components/headers/RetryAfter/schema";
    assertThat(document.violations(schema, new LongNode(seconds))).isEmpty();
  }

  @Test
  void objectsAreClosedAndComplete() {
    List<String> open = new ArrayList<>();
    findOpenObjects("/components/schemas", document.at("/components/schemas"), open);
    assertThat(open).isEmpty();
  }

  private static void findOpenObjects(String place, JsonNode node, List<String> open) {
    if (node.path("type").asText().equals("object")) {
      Set<String> required = new TreeSet<>();
      node.path("required").forEach(name -> required.add(name.textValue()));
      Set<String> fields = new TreeSet<>();
      node.path("properties").fieldNames().forEachRemaining(fields::add);
      if (node.path("additionalProperties").asBoolean(true) || !required.equals(fields)) {
        open.add(place);
      }
    }
    node.properties().forEach(e -> findOpenObjects(place + "/" + e.getKey(), e.getValue(), open));
  }

  @Test
  void codesAreThoseOfAnswers() {
    Set<String> ofAnswers = new TreeSet<>(CODES_OF_NO_OPERATION);
    for (Operation operation : document.operations()) {
      operation.answers().values().forEach(answer -> ofAnswers.addAll(document.codes(answer)));
    }
    Set<String> all = new TreeSet<>();
    document.at("/components/schemas/ProblemCode/enum").forEach(code -> all.add(code.textValue()));
    assertThat(all).isEqualTo(ofAnswers);
  }
}

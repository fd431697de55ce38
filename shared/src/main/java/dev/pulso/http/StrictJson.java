package dev.pulso.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A JSON object with plain values. Refuses repeated names, nested objects, fractions, text with
 * unpaired surrogates, and anything after the object. Its errors never contain what was read.
 */
public final class StrictJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final Object NULL = new Object();

  private final Map<String, Object> fields = new HashMap<>();

  private StrictJson() {}

  /**
   * Parses an object.
   *
   * @throws BadRequestException when it is none
   */
  public static StrictJson parse(String text) {
    StrictJson object = new StrictJson();
    try (JsonParser json = FACTORY.createParser(text)) {
      boolean isObject = json.nextToken() == JsonToken.START_OBJECT;
      while (isObject && json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        object.fields.put(name, value(json));
      }
      if (!isObject || json.nextToken() != null) {
        throw malformed();
      }
      return object;
    } catch (IOException e) {
      throw malformed();
    }
  }

  private static Object value(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_STRING -> text(json);
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> NULL;
      case START_ARRAY -> {
        List<String> texts = new ArrayList<>();
        while (json.nextToken() == JsonToken.VALUE_STRING) {
          texts.add(text(json));
        }
        if (json.currentToken() != JsonToken.END_ARRAY) {
          throw malformed();
        }
        yield texts;
      }
      case null, default -> throw malformed();
    };
  }

  /** The driver would send an unpaired surrogate as a question mark. */
  private static String text(JsonParser json) throws IOException {
    String text = json.getText();
    if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
      throw malformed();
    }
    return text;
  }

  public Set<String> names() {
    return fields.keySet();
  }

  public boolean has(String name) {
    return fields.containsKey(name);
  }

  public boolean isNull(String name) {
    return fields.get(name) == NULL;
  }

  public Optional<String> text(String name) {
    return get(name, String.class, "a text");
  }

  public Optional<Boolean> flag(String name) {
    return get(name, Boolean.class, "true or false");
  }

  public Optional<Long> wholeNumber(String name) {
    return get(name, Long.class, "a whole number");
  }

  /** Returns an array of texts; empty if there is none. */
  @SuppressWarnings("unchecked")
  public List<String> texts(String name) {
    return (List<String>) get(name, List.class, "an array of texts").orElse(List.of());
  }

  private <T> Optional<T> get(String name, Class<T> type, String what) {
    Object value = fields.get(name);
    if (value != null && !type.isInstance(value)) {
      throw invalid(name + " must be " + what + ".");
    }
    return Optional.ofNullable(value).map(type::cast);
  }

  /** Returns the exception for a body with invalid content. */
  public static BadRequestException invalid(String detail) {
    return new BadRequestException("INVALID_BODY", detail);
  }

  private static BadRequestException malformed() {
    return invalid(
        "The body must be one JSON object, each name once, of texts, whole numbers, true, false and"
            + " arrays of texts.");
  }
}

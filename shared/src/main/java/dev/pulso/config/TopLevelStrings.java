package dev.pulso.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The string fields of a JSON object. Errors never contain what was read. */
final class TopLevelStrings {
  private final String what;
  private final Map<String, String> fields = new HashMap<>();

  private TopLevelStrings(String what) {
    this.what = what;
  }

  /**
   * Parses an object.
   *
   * @param what name of the text in errors
   * @throws MissingConnectionException when it is not a JSON object
   */
  static TopLevelStrings of(String text, String what) {
    TopLevelStrings strings = new TopLevelStrings(what);
    try (JsonParser json = new JsonFactory().createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw strings.malformed();
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        if (json.nextToken() == JsonToken.VALUE_STRING) {
          strings.fields.put(name, json.getText());
        } else {
          json.skipChildren();
        }
      }
      if (json.currentToken() != JsonToken.END_OBJECT) {
        throw strings.malformed();
      }
      return strings;
    } catch (IOException e) {
      // The parser's message quotes its input, so it is left out.
      throw strings.malformed();
    }
  }

  Optional<String> find(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /**
   * @throws MissingConnectionException when the string is missing
   */
  String required(String name) {
    return find(name)
        .orElseThrow(
            () -> new MissingConnectionException(what + " has no string \"" + name + "\"."));
  }

  private MissingConnectionException malformed() {
    return new MissingConnectionException(what + " is not a JSON object.");
  }
}

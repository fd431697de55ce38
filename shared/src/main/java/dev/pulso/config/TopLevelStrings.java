package dev.pulso.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The fields of a JSON object that are strings. What is read is never repeated in an error. */
final class TopLevelStrings {
  private final String what;
  private final Map<String, String> fields = new HashMap<>();

  private TopLevelStrings(String what) {
    this.what = what;
  }

  /**
   * Reads an object.
   *
   * @param what what it is, for errors
   * @throws MissingConnectionException when it is no JSON object
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
      // The parser's message quotes what it read: it is left out.
      throw strings.malformed();
    }
  }

  Optional<String> find(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /**
   * @throws MissingConnectionException when there is no such string
   */
  String required(String name) {
    return find(name)
        .orElseThrow(() -> new MissingConnectionException(what + " has no text \"" + name + "\"."));
  }

  private MissingConnectionException malformed() {
    return new MissingConnectionException(what + " is no JSON object.");
  }
}

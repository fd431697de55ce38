package dev.pulso.contract;

import dev.pulso.fixture.RecordedCommands;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** Records the commands to the database, and finds texts in them. */
final class CommandTexts extends RecordedCommands {
  CommandTexts() {
    super("hello", "ping", "endSessions");
  }

  /** Returns the commands that contain a text. */
  List<BsonDocument> carrying(String text) {
    return all().stream()
        .filter(
            command ->
                keys(command).stream().anyMatch(key -> key.contains(text))
                    || texts(command).stream().anyMatch(value -> value.contains(text)))
        .toList();
  }

  /** Returns the names of all fields at any depth. */
  static List<String> keys(BsonDocument command) {
    List<String> keys = new ArrayList<>();
    collect(command, keys, new ArrayList<>());
    return keys;
  }

  /** Returns all strings at any depth. */
  static List<String> texts(BsonDocument command) {
    List<String> texts = new ArrayList<>();
    collect(command, new ArrayList<>(), texts);
    return texts;
  }

  private static void collect(BsonValue value, List<String> keys, List<String> texts) {
    switch (value.getBsonType()) {
      case DOCUMENT ->
          value
              .asDocument()
              .forEach(
                  (key, inside) -> {
                    keys.add(key);
                    collect(inside, keys, texts);
                  });
      case ARRAY -> value.asArray().forEach(inside -> collect(inside, keys, texts));
      case STRING -> texts.add(value.asString().getValue());
      case JAVASCRIPT -> keys.add(value.asJavaScript().getCode());
      case REGULAR_EXPRESSION -> keys.add(value.asRegularExpression().getPattern());
      default -> {}
    }
  }
}

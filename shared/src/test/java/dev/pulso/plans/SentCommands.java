package dev.pulso.plans;

import dev.pulso.fixture.RecordedCommands;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/** Records all commands to the database, so that tests can count and explain them. */
final class SentCommands extends RecordedCommands {
  SentCommands() {
    super("hello", "isMaster", "ping", "endSessions", "listIndexes", "createIndexes");
  }

  /** Returns the commands that read from a snapshot. */
  List<BsonDocument> inSnapshots() {
    return all().stream()
        .filter(sent -> level(sent.get("readConcern"), "level").equals("snapshot"))
        .toList();
  }

  /** Returns the commands that wait for a majority. */
  List<BsonDocument> durable() {
    return all().stream()
        .filter(sent -> level(sent.get("writeConcern"), "w").equals("majority"))
        .toList();
  }

  private static String level(BsonValue concern, String name) {
    return concern instanceof BsonDocument document
            && document.get(name) instanceof BsonString level
        ? level.getValue()
        : "";
  }

  /** Returns the commands of one kind on one collection. */
  List<BsonDocument> on(String command, String collection) {
    return all().stream()
        .filter(
            sent ->
                sent.getFirstKey().equals(command)
                    && sent.get(command).isString()
                    && sent.getString(command).getValue().equals(collection))
        .toList();
  }
}

package dev.pulso.plans;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/** Records all commands to the database, so that tests can count and explain them. */
final class SentCommands implements CommandListener {
  private static final Set<String> HOUSEKEEPING =
      Set.of("hello", "isMaster", "ping", "endSessions", "listIndexes", "createIndexes");

  private final List<BsonDocument> commands = new ArrayList<>();

  @Override
  public synchronized void commandStarted(CommandStartedEvent event) {
    if (!HOUSEKEEPING.contains(event.getCommandName())) {
      commands.add(event.getCommand().clone());
    }
  }

  /** Forgets the commands so far. */
  synchronized void forget() {
    commands.clear();
  }

  /** Returns the commands so far, in order. */
  synchronized List<BsonDocument> all() {
    return List.copyOf(commands);
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

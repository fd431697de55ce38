package dev.pulso.contract;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.util.Set;
import java.util.TreeSet;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * Records the privileges that the sent commands need, as "action collection" (MongoDB manual,
 * "Privilege Actions").
 */
final class UsedPrivileges implements CommandListener {
  private static final Set<String> FOR_EVERYBODY =
      Set.of("hello", "isMaster", "ping", "getMore", "killCursors", "endSessions");

  private final Set<String> used = new TreeSet<>();

  synchronized Set<String> all() {
    return new TreeSet<>(used);
  }

  @Override
  public synchronized void commandStarted(CommandStartedEvent event) {
    // Explaining a command needs what the command needs.
    BsonDocument command = event.getCommand().getDocument("explain", event.getCommand());
    String name = command.getFirstKey();
    BsonValue target = command.get(name);
    switch (name) {
      case "find", "insert", "listIndexes" -> use(name, target);
      case "createIndexes" -> use("createIndex", target);
      case "delete" -> use("remove", target);
      case "distinct" -> use("find", target);
      case "update" -> {
        use("update", target);
        command.getArray("updates").forEach(update -> useIfUpsert(update.asDocument(), target));
      }
      case "findAndModify" -> {
        use("find", target);
        use("update", target);
        useIfUpsert(command, target);
      }
      case "aggregate" -> {
        if (target.isString()) {
          use("find", target);
        }
        useFrom(command.getArray("pipeline"));
      }
      default -> {
        if (!FOR_EVERYBODY.contains(name)) {
          use(name, target);
        }
      }
    }
  }

  private void use(String action, BsonValue collection) {
    used.add(action + " " + collection.asString().getValue());
  }

  private void useIfUpsert(BsonDocument update, BsonValue collection) {
    if (update.getBoolean("upsert", BsonBoolean.FALSE).getValue()) {
      use("insert", collection);
    }
  }

  /** Adds the collections that stages of a pipeline read, at any depth. */
  private void useFrom(BsonArray pipeline) {
    for (BsonValue stage : pipeline) {
      for (String name : Set.of("$lookup", "$unionWith")) {
        BsonValue other = stage.asDocument().get(name);
        if (other != null) {
          BsonDocument part =
              other.isDocument() ? other.asDocument() : new BsonDocument("coll", other);
          use("find", part.get("from", part.get("coll", new BsonString("?"))));
          useFrom(part.getArray("pipeline", new BsonArray()));
        }
      }
    }
  }
}

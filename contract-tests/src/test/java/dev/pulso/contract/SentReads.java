package dev.pulso.contract;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** Records commands to the database, and analyzes reads of data that belong to accounts. */
final class SentReads implements CommandListener {
  /** The field of each collection that names the account. */
  private static final Map<String, String> ACCOUNT_FIELDS =
      Map.of("batches", "account_id", "accounts", "account_id", "audit_log", "account_id");

  private static final Set<String> HOUSEKEEPING =
      Set.of("hello", "isMaster", "ping", "endSessions");

  /** A read of the refresh that checks whether batches have their figures; it is in no answer. */
  private static final BsonDocument TOKENS =
      BsonDocument.parse("{batch_id: 1, 'pulso.figures.token': 1}");

  /** A read of the refresh that checks whether sums are worthwhile; it is in no answer. */
  private static final BsonArray HOW_MANY =
      BsonArray.parse("[{$match: {is_active: true}}, {$group: {_id: 1, n: {$sum: 1}}}]");

  private final List<BsonDocument> commands = new CopyOnWriteArrayList<>();

  /**
   * A read of a collection whose documents belong to accounts.
   *
   * @param accounts the requested accounts, in order; empty: unrestricted
   * @param command the command
   */
  record Read(String collection, Optional<Set<String>> accounts, BsonDocument command) {}

  @Override
  public void commandStarted(CommandStartedEvent event) {
    if (!HOUSEKEEPING.contains(event.getCommandName())) {
      commands.add(event.getCommand().clone());
    }
  }

  void forget() {
    commands.clear();
  }

  /** Returns the commands so far, such as {@code find batches}. */
  List<String> commands() {
    return commands.stream().map(command -> kind(command) + " " + target(command)).toList();
  }

  /** Returns the reads so far of data that belong to accounts. */
  List<Read> reads() {
    List<Read> reads = new ArrayList<>();
    for (BsonDocument command : commands) {
      if (TOKENS.equals(command.get("projection")) || HOW_MANY.equals(command.get("pipeline"))) {
        continue;
      }
      switch (kind(command)) {
        case "find" -> add(reads, target(command), command.getDocument("filter"), command);
        case "findAndModify", "count", "distinct" ->
            add(reads, target(command), command.getDocument("query"), command);
        case "aggregate" -> add(reads, target(command), command.getArray("pipeline"), command);
        default -> {}
      }
    }
    return reads;
  }

  private static String kind(BsonDocument command) {
    return command.getFirstKey();
  }

  /** Returns the collection; empty for the whole database. */
  private static String target(BsonDocument command) {
    BsonValue target = command.get(command.getFirstKey());
    return target.isString() ? target.asString().getValue() : "";
  }

  /** Adds the reads of a pipeline: its own collection, and those in its stages. */
  private static void add(
      List<Read> reads, String collection, BsonArray pipeline, BsonDocument command) {
    BsonDocument first = pipeline.isEmpty() ? new BsonDocument() : pipeline.getFirst().asDocument();
    add(reads, collection, first.getDocument("$match", new BsonDocument()), command);
    for (BsonValue stage : pipeline) {
      BsonValue added = stage.asDocument().get("$unionWith");
      if (added != null) {
        BsonDocument union = added.asDocument();
        BsonArray part = union.getArray("pipeline");
        if (!tellsOnlyWhether(part)) {
          add(reads, union.getString("coll").getValue(), part, command);
        }
      }
      BsonValue joined = stage.asDocument().get("$lookup");
      if (joined != null) {
        String from = joined.asDocument().getString("from").getValue();
        add(reads, from, new BsonDocument(), command);
      }
    }
  }

  /** Returns whether the rows have no field of a document, so that they tell only if one exists. */
  private static boolean tellsOnlyWhether(BsonArray pipeline) {
    BsonDocument last = pipeline.getLast().asDocument();
    BsonDocument fields = last.getDocument("$project", new BsonDocument("_id", BsonBoolean.TRUE));
    return fields.values().stream()
        .allMatch(
            field ->
                field.isDocument()
                    ? field.asDocument().containsKey("$literal")
                    : field.isNumber() && field.asNumber().intValue() == 0);
  }

  private static void add(
      List<Read> reads, String collection, BsonDocument filter, BsonDocument command) {
    String field = ACCOUNT_FIELDS.get(collection);
    if (field != null) {
      reads.add(new Read(collection, accounts(filter, field), command));
    }
  }

  /**
   * Returns the values of the field that every match must have; alternatives in an "or" do not
   * count.
   */
  private static Optional<Set<String>> accounts(BsonDocument filter, String field) {
    BsonValue wanted = filter.get(field);
    if (wanted != null && wanted.isString()) {
      return Optional.of(Set.of(wanted.asString().getValue()));
    }
    if (wanted != null && wanted.isDocument() && wanted.asDocument().containsKey("$in")) {
      Set<String> ids = new TreeSet<>();
      wanted.asDocument().getArray("$in").forEach(id -> ids.add(id.asString().getValue()));
      return Optional.of(ids);
    }
    return filter.getArray("$and", new BsonArray()).stream()
        .flatMap(part -> accounts(part.asDocument(), field).stream())
        .findFirst();
  }
}

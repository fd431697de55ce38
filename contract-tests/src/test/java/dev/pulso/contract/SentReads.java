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
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * Notes what goes to the database, and takes apart what is read of data that belong to accounts.
 */
final class SentReads implements CommandListener {
  /** By which field a collection's documents belong to an account. */
  private static final Map<String, String> ACCOUNT_FIELDS =
      Map.of("batches", "account_id", "accounts", "account_id");

  private static final Set<String> HOUSEKEEPING =
      Set.of("hello", "isMaster", "ping", "endSessions");

  /** What the refresh reads, to see whether batches have their figures; no answer shows it. */
  private static final BsonDocument TOKENS =
      BsonDocument.parse("{batch_id: 1, 'pulso.figures.token': 1}");

  /** How the refresh finds out whether sums are worth keeping; no answer shows it. */
  private static final BsonArray HOW_MANY =
      BsonArray.parse("[{$match: {is_active: true}}, {$group: {_id: 1, n: {$sum: 1}}}]");

  private final List<BsonDocument> commands = new CopyOnWriteArrayList<>();

  /**
   * A read of a collection whose documents belong to accounts.
   *
   * @param accounts those that it asks for, in order; empty: it does not ask for any in particular
   * @param command what was sent
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

  /** What was sent since, as {@code find batches}. */
  List<String> commands() {
    return commands.stream().map(command -> kind(command) + " " + target(command)).toList();
  }

  /** What was read since of data that belong to accounts. */
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

  /** A collection, or nothing for the database as a whole. */
  private static String target(BsonDocument command) {
    BsonValue target = command.get(command.getFirstKey());
    return target.isString() ? target.asString().getValue() : "";
  }

  /** A pipeline reads its own collection, and those that it adds. */
  private static void add(
      List<Read> reads, String collection, BsonArray pipeline, BsonDocument command) {
    BsonDocument first = pipeline.isEmpty() ? new BsonDocument() : pipeline.getFirst().asDocument();
    add(reads, collection, first.getDocument("$match", new BsonDocument()), command);
    for (BsonValue stage : pipeline) {
      BsonValue added = stage.asDocument().get("$unionWith");
      if (added != null) {
        BsonDocument union = added.asDocument();
        add(reads, union.getString("coll").getValue(), union.getArray("pipeline"), command);
      }
      BsonValue joined = stage.asDocument().get("$lookup");
      if (joined != null) {
        String from = joined.asDocument().getString("from").getValue();
        add(reads, from, new BsonDocument(), command);
      }
    }
  }

  private static void add(
      List<Read> reads, String collection, BsonDocument filter, BsonDocument command) {
    String field = ACCOUNT_FIELDS.get(collection);
    if (field != null) {
      reads.add(new Read(collection, accounts(filter, field), command));
    }
  }

  /** What a document has to have in that field to match at all: never what a mere "or" says. */
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

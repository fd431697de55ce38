package dev.pulso.local.server.demo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.type;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import dev.pulso.config.Settings;
import java.time.Clock;
import java.util.Date;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.BsonType;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * The demo's data in one database, and a marker of how far loading came. It has its own client,
 * because it acts for every program but Pulso.
 */
public final class DemoData implements AutoCloseable {
  /** The content of a database. */
  public enum State {
    /** No data. */
    EMPTY,
    /** The complete demo. */
    LOADED,
    /** A part of the demo, because loading was interrupted. */
    CUT_OFF,
    /** Other data. */
    FOREIGN
  }

  private static final String MARK = "demo";
  private static final Bson WATCHABLE =
      and(eq("is_active", true), type("batch_id", BsonType.STRING));

  private final MongoClient client;
  private final MongoDatabase database;
  private final DemoCollections collections;
  private final Clock clock;

  /** Uses the database and collections in the settings. */
  public DemoData(String uri, Settings settings, Clock clock) {
    this.client =
        MongoClients.create(
            MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(uri))
                .applicationName("pulso-demo")
                .build());
    this.database = client.getDatabase(settings.database());
    this.collections = DemoCollections.of(database, settings);
    this.clock = clock;
  }

  /** Returns the current content of the database. */
  public State state() {
    Optional<Document> mark = Optional.ofNullable(collections.marker().find().first());
    if (mark.isPresent()) {
      return mark.get().getBoolean("complete", false) ? State.LOADED : State.CUT_OFF;
    }
    boolean empty =
        Stream.of(collections.accounts(), collections.batches(), collections.jobs())
            .allMatch(collection -> collection.find().first() == null);
    return empty ? State.EMPTY : State.FOREIGN;
  }

  /** Loads the demo, which takes a few seconds, and returns its number of jobs. */
  public int load() {
    mark(false);
    int jobs = new DemoLoader(collections, clock.instant()).load();
    mark(true);
    return jobs;
  }

  /** Deletes the whole database. */
  public void deleteEverything() {
    database.drop();
  }

  /** Starts simulated dialers, which work on the demo's batches until they are closed. */
  public Dialers startDialers() {
    return new Dialers(collections, clock);
  }

  /** Returns the most interesting batch: active, urgent, new. */
  public Optional<BatchToWatch> batchToWatch() {
    return batchToWatch(WATCHABLE);
  }

  /** Returns the most interesting batch of one account. */
  public Optional<BatchToWatch> batchToWatch(String accountId) {
    return batchToWatch(and(WATCHABLE, eq("account_id", accountId)));
  }

  private Optional<BatchToWatch> batchToWatch(Bson filter) {
    return Optional.ofNullable(
            collections
                .batches()
                .find(filter)
                .sort(Sorts.descending("priority", "created_at"))
                .first())
        .map(
            batch ->
                new BatchToWatch(
                    batch.getString("batch_id"),
                    Optional.ofNullable(batch.get("account_id")).map(Object::toString)));
  }

  private void mark(boolean complete) {
    Document mark =
        new Document("_id", MARK)
            .append("complete", complete)
            .append("at", Date.from(clock.instant()));
    collections
        .marker()
        .replaceOne(new Document("_id", MARK), mark, new ReplaceOptions().upsert(true));
  }

  @Override
  public void close() {
    client.close();
  }

  public record BatchToWatch(String batchId, Optional<String> accountId) {}
}

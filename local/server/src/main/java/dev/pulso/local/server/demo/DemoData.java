package dev.pulso.local.server.demo;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.ReplaceOptions;
import dev.pulso.config.Settings;
import java.time.Clock;
import java.util.Date;
import java.util.Optional;
import org.bson.Document;

/** The demo's data in one database, and a mark in it that says how far their loading came. */
public final class DemoData {
  /** What a database holds. */
  public enum State {
    /** Nothing in the collections of the installation. */
    EMPTY,
    /** The demo, whole. */
    LOADED,
    /** A part of the demo, because loading it was cut off. */
    CUT_OFF,
    /** Data of somebody else's. */
    FOREIGN
  }

  private static final String MARK = "demo";

  private final DemoCollections collections;
  private final Clock clock;

  /** The demo in this database, in the collections that the settings name. */
  public DemoData(MongoDatabase database, Settings settings, Clock clock) {
    this.collections = DemoCollections.of(database, settings);
    this.clock = clock;
  }

  /** What the database holds now. */
  public State state() {
    Optional<Document> mark = Optional.ofNullable(collections.marker().find().first());
    if (mark.isPresent()) {
      return mark.get().getBoolean("complete", false) ? State.LOADED : State.CUT_OFF;
    }
    boolean empty =
        collections.ofTheInstallation().stream()
            .allMatch(collection -> collection.find().first() == null);
    return empty ? State.EMPTY : State.FOREIGN;
  }

  /** Loads the demo, which takes a few seconds, and returns how many jobs it has. */
  public int load() {
    mark(false);
    int jobs = new DemoLoader(collections, clock.instant()).load();
    mark(true);
    return jobs;
  }

  /** Simulated dialers that work on the demo's batches until they are closed. */
  public Dialers startDialers() {
    return new Dialers(collections, clock);
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
}

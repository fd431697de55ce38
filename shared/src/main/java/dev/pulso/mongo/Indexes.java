package dev.pulso.mongo;

import static dev.pulso.mongo.Expressions.op;
import static dev.pulso.mongo.IndexKinds.kept;
import static dev.pulso.mongo.IndexKinds.only;
import static dev.pulso.mongo.IndexKinds.sparse;
import static dev.pulso.mongo.IndexKinds.uniqueNumber;
import static dev.pulso.mongo.IndexKinds.uniqueText;

import com.mongodb.MongoException;
import com.mongodb.MongoNamespace;
import com.mongodb.MongoServerException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.UpdateOptions;
import dev.pulso.observe.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/**
 * Creates missing indexes. An index with the same keys under another name is used as it is. The
 * server builds beside other traffic.
 */
public final class Indexes {
  /** Time before a refused build is tried again. */
  private static final long REST_MS = Duration.ofDays(1).toMillis();

  private final Db db;

  public Indexes(Db db) {
    this.db = db;
  }

  /** A required index. */
  record Wanted(MongoCollection<Document> collection, Document keys, IndexOptions options) {
    Wanted(MongoCollection<Document> collection, Document keys) {
      this(collection, keys, new IndexOptions());
    }

    /** Returns the {@code _id} of the note in {@code pulso_progress} that the server refused it. */
    String noteId() {
      return "index " + collection.getNamespace().getCollectionName() + " " + keys.toJson();
    }
  }

  /**
   * The missing indexes.
   *
   * @param wanted indexes to build now
   * @param refused number of indexes that the server refused within the last day
   */
  public record Missing(List<Wanted> wanted, int refused) {
    boolean isNone() {
      return wanted.isEmpty();
    }
  }

  /**
   * The created indexes.
   *
   * @param refused number of indexes that the server refuses
   */
  public record Made(List<String> names, int refused) {
    public static final Made NOTHING = new Made(0);

    Made(int refused) {
      this(List.of(), refused);
    }
  }

  private List<Wanted> wanted() {
    // With a marker, or one that was taken away.
    IndexOptions cancelled = only("cancelled_at", new Document("$exists", true));
    // In the sums of active batches, or lately.
    IndexOptions summed = only("pulso.summed.seq", new Document("$gt", 0L));
    return List.of(
        new Wanted(db.batches(), new Document("batch_id", 1), uniqueText("batch_id")),
        new Wanted(db.batches(), new Document("is_active", 1).append("account_id", 1)),
        new Wanted(db.batches(), new Document("cancelled_at", 1), sparse()),
        new Wanted(db.batches(), new Document("pulso.cancel.open", 1), sparse()),
        new Wanted(db.batches(), new Document("pulso.outbox._id", 1), sparse()),
        new Wanted(db.batches(), new Document("pulso.events._id", 1), sparse()),
        new Wanted(db.batches(), new Document("pulso.acted_at", 1), sparse()),
        new Wanted(db.batches(), new Document("pulso.summed.seq", 1), sparse()),
        // One index on two of these would refuse batches in which both are arrays. An _id is none.
        new Wanted(db.batches(), new Document("is_active", 1), cancelled),
        new Wanted(db.batches(), ordered("is_active", "_id"), summed),
        new Wanted(db.batches(), ordered("pulso.summed.seq", "_id"), only("is_active", true)),
        new Wanted(db.batches(), new Document("pulso.figures.total", 1), only("is_active", true)),
        // The orders of a list.
        new Wanted(db.batches(), ordered("account_id", "created_at", "_id")),
        new Wanted(db.batches(), ordered("created_at", "_id")),
        new Wanted(db.batches(), ordered("name", "_id")),
        new Wanted(db.batches(), ordered("pulso.figures.last_activity_at", "_id")),
        new Wanted(db.batches(), ordered("pulso.figures.pending", "_id")),
        new Wanted(db.batches(), ordered("pulso.figures.cents", "_id")),
        // Arrays have several entries in these indexes.
        new Wanted(db.batches(), new Document("created_at.0", 1), sparse()),
        new Wanted(db.batches(), new Document("name.0", 1), sparse()),
        new Wanted(db.batches(), new Document("pulso.0", 1), sparse()),
        new Wanted(db.accounts(), new Document("account_id", 1)),
        new Wanted(db.counterSnapshots(), new Document("open_seq", 1)),
        new Wanted(db.counterSnapshots(), new Document("taken_at", 1)),
        new Wanted(
            db.counterSnapshots(), new Document("sums_behind", 1), only("sums_behind", true)),
        new Wanted(db.auditLog(), new Document("batch_id", 1)),
        new Wanted(db.auditLog(), new Document("_id.batch", 1).append("at", -1)),
        new Wanted(db.auditLog(), new Document("operation_id", 1), sparse()),
        new Wanted(db.operations(), new Document("unfinished", 1), sparse()),
        new Wanted(db.webhooks(), new Document("account_id", 1)),
        new Wanted(db.webhooks(), ordered("account_id", "slot"), uniqueNumber("slot")),
        new Wanted(db.deliveries(), new Document("webhook_id", 1).append("created_at", -1)),
        // Those that wait: a run need not pass over the others.
        new Wanted(db.deliveries(), ordered("next_at", "webhook_id"), only("status", "pending")),
        new Wanted(db.deliveries(), new Document("created_at", 1), kept(Duration.ofDays(30))),
        new Wanted(db.connections(), new Document("expires_at", 1), kept(Duration.ZERO)),
        new Wanted(db.connections(), new Document("news", 1), sparse()),
        new Wanted(db.connections(), new Document("subject", 1), sparse()),
        new Wanted(db.connections(), new Document("subscriptions.batch", 1), sparse()),
        new Wanted(db.jobs(), JobIndexes.COUNTERS),
        new Wanted(db.jobs(), JobIndexes.CHANGES),
        new Wanted(db.jobs(), JobIndexes.UPLOADS));
  }

  /** Finds missing indexes; one that is being built counts as present. */
  public Missing missing() {
    Map<MongoNamespace, PresentIndexes> present = new HashMap<>();
    List<Wanted> missing = new ArrayList<>(wanted());
    missing.removeIf(
        index -> {
          PresentIndexes indexes =
              present.computeIfAbsent(
                  index.collection.getNamespace(), any -> PresentIndexes.of(index.collection));
          return indexes.name(index.keys, index.options).isPresent();
        });
    if (missing.isEmpty()) {
      return new Missing(missing, 0);
    }
    Set<String> refused = refused();
    int before = missing.size();
    missing.removeIf(index -> refused.contains(index.noteId()));
    return new Missing(missing, before - missing.size());
  }

  private Set<String> refused() {
    Document aDayLater = op("$add", Leases.orEpoch("refused_at"), REST_MS);
    return db.progress()
        .find(new Document("$expr", op("$gt", aDayLater, "$$NOW")))
        .map(note -> String.valueOf(note.get("_id")))
        .into(new HashSet<>());
  }

  /** Builds one index after the other, without a time limit. */
  public Made make(Missing missing) {
    List<String> made = new ArrayList<>();
    int refused = missing.refused;
    for (Wanted index : missing.wanted) {
      try {
        made.add(make(index));
      } catch (MongoServerException e) {
        if (ServerErrors.isPassing(e) || ServerErrors.isUnauthenticated(e)) {
          throw e;
        }
        // Every request works without the index, only slower.
        noteRefused(index, e);
        refused++;
      }
    }
    return new Made(made, refused);
  }

  private void noteRefused(Wanted index, MongoException e) {
    Log.error(
        "index_refused", json -> json.text("index", index.noteId()).number("code", e.getCode()));
    db.progress()
        .updateOne(
            Filters.eq("_id", index.noteId()),
            List.of(
                new Document(
                    "$set", new Document("refused_at", "$$NOW").append("code", e.getCode()))),
            new UpdateOptions().upsert(true));
  }

  private String make(Wanted index) {
    // A time limit would abort the build, and the next attempt would start from zero.
    MongoCollection<Document> patient = index.collection.withTimeout(0, TimeUnit.MILLISECONDS);
    try {
      return patient.createIndex(index.keys, index.options);
    } catch (MongoException e) {
      if (index.options.isUnique() && ServerErrors.isDuplicateKey(e)) {
        // Two batches share a batch_id. That has to be corrected in the data; look-ups need an
        // index meanwhile.
        return patient.createIndex(index.keys);
      }
      if (ServerErrors.isIndexNameTaken(e)) {
        String name = "pulso_" + String.join("_", index.keys.keySet());
        return patient.createIndex(index.keys, index.options.name(name));
      }
      throw e;
    }
  }

  private static Document ordered(String... fields) {
    Document keys = new Document();
    List.of(fields).forEach(field -> keys.append(field, 1));
    return keys;
  }

  /**
   * Returns the name of a complete index with these keys. An index that is still being built is
   * listed too, but the server refuses it as a hint.
   */
  static Optional<String> usable(MongoCollection<Document> collection, Document keys) {
    return PresentIndexes.of(collection)
        .name(keys, new IndexOptions())
        .filter(name -> isBuilt(collection, name));
  }

  private static boolean isBuilt(MongoCollection<Document> collection, String name) {
    try {
      collection.find().hintString(name).limit(1).projection(new Document("_id", 1)).first();
      return true;
    } catch (MongoException e) {
      if (!ServerErrors.isBadHint(e)) {
        throw e;
      }
      return false;
    }
  }
}

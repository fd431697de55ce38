package dev.pulso.mongo;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexOptions;
import dev.pulso.log.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/**
 * Makes the indexes that are missing. One with the same keys under another name is taken as it is.
 * The server builds in the background of other traffic.
 */
public final class Indexes {
  private static final int NAMESPACE_NOT_FOUND = 26;

  private final Db db;

  public Indexes(Db db) {
    this.db = db;
  }

  /**
   * Makes what is missing, one index after the other.
   *
   * @param timeout what one build may take
   * @return the names of those that were made
   */
  public List<String> makeMissing(Duration timeout) {
    List<String> made = new ArrayList<>();
    make(made, db.batches(), new Document("batch_id", 1), uniqueText("batch_id"), timeout);
    make(made, db.batches(), new Document("is_active", 1).append("account_id", 1), timeout);
    make(made, db.batches(), new Document("cancelled_at", 1), sparse(), timeout);
    make(made, db.batches(), new Document("pulso.cancel.open", 1), sparse(), timeout);
    make(made, db.accounts(), new Document("account_id", 1), timeout);
    make(made, db.tallies(), new Document("open_seq", 1), timeout);
    make(made, db.auditLog(), new Document("batch_id", 1), timeout);
    make(made, db.jobs(), JobIndexes.FIGURES, timeout);
    make(made, db.jobs(), JobIndexes.CHANGES, timeout);
    make(made, db.jobs(), JobIndexes.UPLOADS, timeout);
    return made;
  }

  /** No two documents with the same text there; as many as like without one. */
  private static IndexOptions uniqueText(String field) {
    return new IndexOptions()
        .unique(true)
        .partialFilterExpression(new Document(field, new Document("$gte", "")));
  }

  private static IndexOptions sparse() {
    return new IndexOptions().sparse(true);
  }

  private void make(
      List<String> made, MongoCollection<Document> collection, Document keys, Duration timeout) {
    make(made, collection, keys, new IndexOptions(), timeout);
  }

  private void make(
      List<String> made,
      MongoCollection<Document> collection,
      Document keys,
      IndexOptions options,
      Duration timeout) {
    if (nameOf(collection, keys, options).isPresent()) {
      return;
    }
    MongoCollection<Document> patient =
        collection.withTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    try {
      made.add(patient.createIndex(keys, options));
    } catch (MongoException e) {
      if (options.isUnique() && ServerErrors.isDuplicateKey(e)) {
        // Two batches share a batch_id: that is somebody else's to mend, look-ups need an index.
        made.add(patient.createIndex(keys));
      } else if (ServerErrors.isIndexNameTaken(e)) {
        String name = "pulso_" + String.join("_", keys.keySet());
        made.add(patient.createIndex(keys, options.name(name)));
      } else if (ServerErrors.isUnindexable(e)) {
        // Everything is answered without it, only slower, and what else is to be done is done.
        Log.info(
            "index_refused", json -> json.text("index", keys.toJson()).number("code", e.getCode()));
      } else {
        throw e;
      }
    }
  }

  /** The name under which a collection has an index of all its documents with these keys. */
  static Optional<String> nameOf(MongoCollection<Document> collection, Document keys) {
    return nameOf(collection, keys, new IndexOptions());
  }

  private static Optional<String> nameOf(
      MongoCollection<Document> collection, Document keys, IndexOptions wanted) {
    try {
      for (Document index : collection.listIndexes()) {
        if (sameKeys(keys, index.get("key", Document.class)) && holdsEnough(index, wanted)) {
          return Optional.of(index.getString("name"));
        }
      }
    } catch (MongoException e) {
      if (e.getCode() != NAMESPACE_NOT_FOUND) {
        throw e;
      }
    }
    return Optional.empty();
  }

  /** Whether every document is in it that the wanted one would hold, in the plain order. */
  private static boolean holdsEnough(Document index, IndexOptions wanted) {
    Object filter = index.get("partialFilterExpression");
    return (filter == null || filter.equals(wanted.getPartialFilterExpression()))
        && (wanted.isSparse() || !Boolean.TRUE.equals(index.get("sparse")))
        && !index.containsKey("collation")
        && !Boolean.TRUE.equals(index.get("hidden"));
  }

  /** Same fields in the same order and direction; 1, 1.0 and 1L are the same direction. */
  private static boolean sameKeys(Document wanted, Document there) {
    if (!List.copyOf(wanted.keySet()).equals(List.copyOf(there.keySet()))) {
      return false;
    }
    return wanted.keySet().stream()
        .allMatch(
            key ->
                there.get(key) instanceof Number direction
                    && direction.intValue() == wanted.getInteger(key));
  }
}

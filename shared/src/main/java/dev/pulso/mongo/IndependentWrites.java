package dev.pulso.mongo;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.MongoSocketException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.WriteModel;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/**
 * Writes that have nothing to do with each other. A document that a transaction of somebody locks
 * holds up the whole command that it is in; so where that happens each write is sent alone, and
 * fails alone. Every write must be harmless when it is repeated.
 */
public final class IndependentWrites {
  /** What one write may wait for a lock where somebody waits for an answer. */
  public static final Duration PATIENCE = Duration.ofMillis(100);

  /** More than a write takes on a server that has time. */
  private static final Duration EACH = Duration.ofMillis(10);

  private IndependentWrites() {}

  /**
   * Does these writes, in one round trip if nothing is held up.
   *
   * @param patience how long a write may be held up
   * @return the indexes of those that were not done in that time
   */
  public static Set<Integer> write(
      MongoCollection<Document> collection,
      List<? extends WriteModel<Document>> writes,
      Duration patience) {
    Set<Integer> heldUp = new HashSet<>();
    if (writes.isEmpty() || isDone(collection, writes, patience)) {
      return heldUp;
    }
    for (int i = 0; i < writes.size(); i++) {
      if (writes.size() == 1 || !isDone(collection, writes.subList(i, i + 1), PATIENCE)) {
        heldUp.add(i);
      }
    }
    return heldUp;
  }

  private static boolean isDone(
      MongoCollection<Document> collection,
      List<? extends WriteModel<Document>> writes,
      Duration patience) {
    Duration timeout = patience.plus(EACH.multipliedBy(writes.size()));
    MongoCollection<Document> limited =
        collection.withTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    try {
      write(limited, writes);
      return true;
    } catch (MongoException e) {
      if (!ServerErrors.isTimeout(e)) {
        throw e;
      }
      return false;
    }
  }

  /** The driver does not repeat an update of many documents when the connection breaks. */
  private static void write(
      MongoCollection<Document> collection, List<? extends WriteModel<Document>> writes) {
    try {
      once(collection, writes);
    } catch (MongoException e) {
      if (!(e instanceof MongoSocketException) && !ServerErrors.isPassing(e)) {
        throw e;
      }
      once(collection, writes);
    }
  }

  private static void once(
      MongoCollection<Document> collection, List<? extends WriteModel<Document>> writes) {
    try {
      collection.bulkWrite(writes, new BulkWriteOptions().ordered(false));
    } catch (MongoBulkWriteException e) {
      // Somebody else made the same document at the same moment, and so has it.
      if (!ServerErrors.areDuplicateKeys(e)) {
        throw e;
      }
    }
  }
}

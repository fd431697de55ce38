package dev.pulso.mongo;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.WriteModel;
import dev.pulso.observe.Log;
import dev.pulso.observe.Observation;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bson.Document;

/**
 * Writes that have nothing to do with each other. A document that a transaction of somebody locks
 * holds up the whole command that it is in; so where that happens each write is sent alone. Nobody
 * waits longer than asked for a write that is held up. On a busy server such a write is merely
 * slow: it goes on, and lands late. Every write must be harmless when it is repeated or late.
 */
public final class IndependentWrites {
  /** How long a write may be held up where somebody waits for an answer. */
  public static final Duration PATIENCE = Duration.ofMillis(150);

  /** The same where nobody waits. */
  public static final Duration UNHURRIED = Duration.ofSeconds(1);

  /** So many writes may be waited for at length; with more, somebody holds up everything. */
  private static final int FEW = 5;

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
      Duration alone = heldUp.size() < FEW ? patience : PATIENCE;
      if (writes.size() == 1 || !isDone(collection, writes.subList(i, i + 1), alone)) {
        heldUp.add(i);
      }
    }
    return heldUp;
  }

  private static boolean isDone(
      MongoCollection<Document> collection,
      List<? extends WriteModel<Document>> writes,
      Duration patience) {
    Observation observation = Observation.current();
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.startVirtualThread(
        () -> {
          try {
            observation.during(() -> send(collection, writes));
            done.complete(null);
          } catch (Throwable e) {
            done.completeExceptionally(e);
          }
        });
    try {
      done.get(patience.plus(EACH.multipliedBy(writes.size())).toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      done.whenComplete((nothing, failure) -> report(collection, failure));
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while writing", e);
    } catch (ExecutionException e) {
      return outOfTime(e.getCause());
    }
  }

  /** The caller took the write for held up, and is gone. */
  private static void report(MongoCollection<Document> collection, Throwable failure) {
    if (failure != null && !(failure instanceof MongoException e && ServerErrors.isTimeout(e))) {
      Log.error(
          "late_write_failed",
          json ->
              json.text("collection", collection.getNamespace().getCollectionName())
                  .text("failure", Log.describe(failure)));
    }
  }

  /** Returns false when the write ran out of time; throws what else went wrong. */
  private static boolean outOfTime(Throwable failure) {
    switch (failure) {
      case MongoException e when ServerErrors.isTimeout(e) -> {
        return false;
      }
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException("a write failed", failure);
    }
  }

  private static Void send(
      MongoCollection<Document> collection, List<? extends WriteModel<Document>> writes) {
    try {
      ServerErrors.repeating(
          () -> collection.bulkWrite(writes, new BulkWriteOptions().ordered(false)));
    } catch (MongoBulkWriteException e) {
      // Somebody else made the same document at the same moment, and so has it.
      if (!ServerErrors.areDuplicateKeys(e)) {
        throw e;
      }
    }
    return null;
  }
}

package dev.pulso.mongo;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.WriteModel;
import dev.pulso.observe.Log;
import dev.pulso.observe.Observation;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bson.Document;

/**
 * Sends independent writes. A document that another program's transaction locks blocks the whole
 * bulk command; if that happens, each write is sent alone. The caller waits for a blocked write
 * only as long as it asks for. On a busy server the write may be merely slow and land later. So
 * every write must be safe to repeat and to land late. A write that the server refuses for its
 * document, for instance by a validator, is logged and left out too.
 */
public final class IndependentWrites {
  /** Patience while a caller waits for an answer. */
  public static final Duration PATIENCE = Duration.ofMillis(150);

  /** Patience while no caller waits, or one that needs exact counters. */
  public static final Duration UNHURRIED = Duration.ofSeconds(1);

  /**
   * Up to this many writes get the full patience each; if more are blocked, a transaction blocks
   * everything.
   */
  private static final int FEW = 5;

  /** More than a write takes on an idle server. */
  private static final Duration EACH = Duration.ofMillis(10);

  private IndependentWrites() {}

  /**
   * The indexes of the writes that were left out.
   *
   * @param late those that did not finish in time
   * @param refused those that the server refused for their document
   */
  public record LeftOut(Set<Integer> late, Set<Integer> refused) {}

  /**
   * Sends these writes, in one round trip if none is blocked.
   *
   * @param patience how long to wait for a blocked write
   */
  public static LeftOut write(
      MongoCollection<Document> collection,
      List<? extends WriteModel<Document>> writes,
      Duration patience) {
    Optional<Set<Integer>> refusedOfAll =
        writes.isEmpty() ? Optional.of(Set.of()) : refused(collection, writes, patience);
    if (refusedOfAll.isPresent()) {
      return new LeftOut(Set.of(), refusedOfAll.get());
    }
    Set<Integer> late = new HashSet<>();
    Set<Integer> refused = new HashSet<>();
    for (int i = 0; i < writes.size(); i++) {
      Duration alone = late.size() < FEW ? patience : PATIENCE;
      Optional<Set<Integer>> refusedAlone =
          writes.size() > 1
              ? refused(collection, writes.subList(i, i + 1), alone)
              : Optional.empty();
      if (refusedAlone.isEmpty()) {
        late.add(i);
      } else if (!refusedAlone.get().isEmpty()) {
        refused.add(i);
      }
    }
    return new LeftOut(late, refused);
  }

  /** Returns the indexes of the writes that the server refused; empty if the time was too short. */
  private static Optional<Set<Integer>> refused(
      MongoCollection<Document> collection,
      List<? extends WriteModel<Document>> writes,
      Duration patience) {
    Observation observation = Observation.current();
    CompletableFuture<Set<Integer>> done = new CompletableFuture<>();
    Thread.startVirtualThread(
        () -> {
          try {
            done.complete(observation.during(() -> send(collection, writes)));
          } catch (Throwable e) {
            done.completeExceptionally(e);
          }
        });
    try {
      Duration longest = patience.plus(EACH.multipliedBy(writes.size()));
      return Optional.of(done.get(longest.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      done.whenComplete((nothing, failure) -> report(collection, failure));
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while writing", e);
    } catch (ExecutionException e) {
      return outOfTime(e.getCause());
    }
  }

  /** Logs a failure of a write that its caller no longer waits for. */
  private static void report(MongoCollection<Document> collection, Throwable failure) {
    if (failure != null && !(failure instanceof MongoException e && ServerErrors.isTimeout(e))) {
      Log.error(
          "late_write_failed",
          json ->
              json.text("collection", collection.getNamespace().getCollectionName())
                  .text("failure", Log.describe(failure)));
    }
  }

  /** Returns empty if the write exceeded its time limit; throws any other failure. */
  private static Optional<Set<Integer>> outOfTime(Throwable failure) {
    switch (failure) {
      case MongoException e when ServerErrors.isTimeout(e) -> {
        return Optional.empty();
      }
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException("a write failed", failure);
    }
  }

  private static Set<Integer> send(
      MongoCollection<Document> collection, List<? extends WriteModel<Document>> writes) {
    try {
      ServerErrors.repeating(
          () -> collection.bulkWrite(writes, new BulkWriteOptions().ordered(false)));
      return Set.of();
    } catch (MongoBulkWriteException e) {
      // Of an unordered bulk, all other writes are done.
      if (e.getWriteConcernError() != null || ServerErrors.isPassing(e)) {
        throw e;
      }
      Set<Integer> refused = new HashSet<>();
      for (BulkWriteError error : e.getWriteErrors()) {
        // Another process inserted the same document at the same moment, which is as good.
        if (!ServerErrors.isDuplicateKey(error)) {
          ServerErrors.logRefused(collection, error.getCode());
          refused.add(error.getIndex());
        }
      }
      return refused;
    }
  }
}

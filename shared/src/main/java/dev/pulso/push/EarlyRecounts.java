package dev.pulso.push;

import static com.mongodb.client.model.Filters.in;

import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.counting.JobGroup;
import dev.pulso.counting.Recounter;
import dev.pulso.mongo.Db;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Recounts batches as soon as somebody says that their jobs changed, if a client watches them. Such
 * a signal is a hint: without it the next recount is only later, and a wrong one costs one read.
 */
public final class EarlyRecounts {
  /** A busy batch, of which signals come all the time, is looked at so often. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final int AT_ONCE = 100;

  /** A batch with no more open jobs may complete soon, which clients are told at once. */
  private static final int NEARLY_COMPLETE = 50;

  /** A recount under way may have missed the change; it and its duty cycle take about a second. */
  private static final int TRIES = 12;

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(150);

  private final Batches batches;
  private final Connections connections;
  private final Recounter recounter;
  private final Lately looked = new Lately(LOOK);

  /** The pusher recounts what is watched that often anyway. */
  private final Lately signalled = new Lately(Recounter.MINIMUM_INTERVAL);

  public EarlyRecounts(Db db, Batches batches, Recounter recounter) {
    this.batches = batches;
    this.connections = new Connections(db);
    this.recounter = recounter;
  }

  /**
   * Recounts those of these batches that are watched, but for busy ones, which the pusher recounts
   * often enough.
   *
   * @return how many
   */
  public int recount(List<String> batchIds, Deadline deadline) {
    return recount(batchIds, deadline, System.nanoTime());
  }

  int recount(List<String> batchIds, Deadline deadline, long now) {
    List<String> quiet = new ArrayList<>();
    List<String> busy = new ArrayList<>();
    for (String batch : batchIds) {
      if (!signalled.has(batch, now)) {
        quiet.add(batch);
      } else if (!looked.has(batch, now)) {
        busy.add(batch);
      }
      signalled.note(batch, now);
    }
    return recount(quiet, batch -> true, deadline, now)
        + recount(busy, EarlyRecounts::needsSignals, deadline, now);
  }

  /** One that is nearly complete, or not active: what its last jobs do is told at once. */
  private static boolean needsSignals(Batch batch) {
    return !batch.isActive() || batch.counters().open() <= NEARLY_COMPLETE;
  }

  private int recount(List<String> batchIds, Predicate<Batch> isDue, Deadline deadline, long now) {
    int count = 0;
    for (int from = 0; from < batchIds.size() && !deadline.passed(); from += AT_ONCE) {
      List<String> some = batchIds.subList(from, Math.min(batchIds.size(), from + AT_ONCE));
      some.forEach(batch -> looked.note(batch, now));
      count += recountNow(watched(some, isDue), deadline);
    }
    return count;
  }

  private List<JobGroup> watched(List<String> batchIds, Predicate<Batch> isDue) {
    Map<Object, String> due = new HashMap<>();
    batches.findSome(in(BatchFields.BATCH_ID, batchIds), Batches.PUSHED, AT_ONCE).stream()
        .filter(isDue)
        .forEach(batch -> batch.batchId().ifPresent(name -> due.put(batch.id(), name)));
    return due.isEmpty()
        ? List.of()
        : connections.watchedAmong(due.keySet()).stream()
            .filter(due::containsKey)
            .map(due::get)
            .map(JobGroup::of)
            .toList();
  }

  private int recountNow(List<JobGroup> due, Deadline deadline) {
    List<JobGroup> left = new ArrayList<>(due);
    for (int i = 0; i < TRIES && !left.isEmpty() && !deadline.passed(); i++) {
      if (i > 0) {
        LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
      }
      Set<JobGroup> done = recounter.recountAll(left, deadline);
      left.removeAll(done);
    }
    return due.size() - left.size();
  }
}

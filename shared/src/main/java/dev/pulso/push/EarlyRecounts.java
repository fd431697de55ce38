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

/**
 * Recounts batches as soon as somebody says that their jobs changed, if a client watches them. Such
 * a signal is a hint: without it the next recount is only later, and a wrong one costs one read.
 */
public final class EarlyRecounts {
  /** A batch of which signals come all the time is looked at so often. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final int AT_ONCE = 100;

  /** A batch with no more open jobs may complete soon, which clients are told at once. */
  private static final int NEARLY_COMPLETE = 50;

  /** A recount under way may have missed the change; it and its duty cycle take less than that. */
  private static final int TRIES = 6;

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(150);

  private final Batches batches;
  private final Connections connections;
  private final Recounter recounter;
  private final Lately looked = new Lately(LOOK);

  /** The pusher recounts what is watched that often anyway. */
  private final Lately recounted = new Lately(Recounter.MINIMUM_INTERVAL);

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
    List<String> named = batchIds.stream().filter(batch -> !looked.has(batch, now)).toList();
    named.forEach(batch -> looked.note(batch, now));
    int count = 0;
    for (int from = 0; from < named.size() && !deadline.passed(); from += AT_ONCE) {
      List<String> some = named.subList(from, Math.min(named.size(), from + AT_ONCE));
      count += recountNow(due(some, now), deadline);
    }
    return count;
  }

  private List<JobGroup> due(List<String> batchIds, long now) {
    Map<Object, Batch> read = new HashMap<>();
    batches
        .findSome(in(BatchFields.BATCH_ID, batchIds), Batches.PUSHED, AT_ONCE)
        .forEach(batch -> read.put(batch.id(), batch));
    List<JobGroup> due = new ArrayList<>();
    for (Object id : connections.watchedAmong(read.keySet())) {
      Batch batch = read.get(id);
      batch
          .batchId()
          .filter(name -> !recounted.has(name, now) || batch.counters().open() <= NEARLY_COMPLETE)
          .ifPresent(
              name -> {
                recounted.note(name, now);
                due.add(JobGroup.of(name));
              });
    }
    return due;
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

package dev.pulso.catchup;

import com.mongodb.MongoException;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.recount.JobGroup;
import dev.pulso.recount.Recounter;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Recounts groups a slice at a time: large enough that small batches share the round trips, small
 * enough that a run which is cut off loses little.
 */
final class Slices {
  static final int MOST_GROUPS = 100;
  private static final long MOST_JOBS = 100_000;

  /** What a group of which nothing is known may hold. */
  private static final long UNKNOWN_SIZE = 2_000;

  private final Recounter recounter;
  private final Runnable afterSlice;
  private final List<GroupLook> slice = new ArrayList<>();
  private long jobs;
  private int recounted;
  private int uncounted;
  private Instant countedAsOf = Instant.MAX;

  /**
   * @param afterSlice what is done after each slice
   */
  Slices(Recounter recounter, Runnable afterSlice) {
    this.recounter = recounter;
    this.afterSlice = afterSlice;
  }

  /** Groups that were recounted. */
  int recounted() {
    return recounted;
  }

  /** Groups that were left out, and never counted before. */
  int uncounted() {
    return uncounted;
  }

  /** The moment up to which all these groups are counted; {@link Instant#MAX}: none was left out */
  Instant countedAsOf() {
    return countedAsOf;
  }

  /** Recounts all of these, but for those for which the time is over. */
  void recount(Iterable<GroupLook> groups, Deadline deadline) {
    groups.forEach(group -> add(group, deadline));
    flush(deadline);
  }

  /** Recounts this one, alone or with the next ones. */
  void add(GroupLook group, Deadline deadline) {
    long size = group.isUncounted() ? UNKNOWN_SIZE : 1 + group.total();
    boolean isAlone = group.group().equals(JobGroup.OUTSIDE);
    if (isAlone || slice.size() == MOST_GROUPS || jobs + size > MOST_JOBS) {
      flush(deadline);
    }
    slice.add(group);
    jobs += isAlone ? MOST_JOBS : size;
  }

  /** Recounts what was added last. */
  void flush(Deadline deadline) {
    if (slice.isEmpty()) {
      return;
    }
    Set<JobGroup> done = deadline.passed() ? Set.of() : recounted(deadline);
    for (GroupLook group : slice) {
      if (!done.contains(group.group())) {
        boolean isBatch = group.group().batchId().isPresent();
        uncounted += isBatch && group.isUncounted() ? 1 : 0;
        Instant takenAt = group.takenAt().orElse(Instant.EPOCH);
        countedAsOf = takenAt.isBefore(countedAsOf) ? takenAt : countedAsOf;
      }
    }
    recounted += done.size();
    slice.clear();
    jobs = 0;
    if (!done.isEmpty()) {
      afterSlice.run();
    }
  }

  private Set<JobGroup> recounted(Deadline deadline) {
    try {
      if (slice.size() == 1) {
        JobGroup group = slice.getFirst().group();
        return recounter.recountIfDue(group, Duration.ZERO, deadline) ? Set.of(group) : Set.of();
      }
      Map<JobGroup, Instant> stamps = new HashMap<>();
      slice.forEach(group -> stamps.put(group.group(), group.stamp()));
      return recounter.recountAll(stamps, deadline);
    } catch (MongoException e) {
      // Time is over, or somebody holds a batch. What was left out is found again by the next run.
      if (!ServerErrors.isTimeout(e)) {
        throw e;
      }
      return Set.of();
    }
  }
}

package dev.pulso.catchup;

import com.mongodb.MongoException;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.recount.JobGroup;
import dev.pulso.recount.Recounter;
import dev.pulso.recount.Tally;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Recounts groups a slice at a time: large enough that small batches share the round trips, small
 * enough that a run which is cut off loses little.
 */
final class Slices {
  private static final int MOST_GROUPS = 100;
  private static final long MOST_JOBS = 100_000;

  /** What a group of which nothing is known may hold. */
  private static final long UNKNOWN_SIZE = 2_000;

  private final Recounter recounter;
  private final Map<JobGroup, Tally> tallies;
  private final Map<JobGroup, Instant> stamped;

  Slices(Recounter recounter, Map<JobGroup, Tally> tallies, Map<JobGroup, Instant> stamped) {
    this.recounter = recounter;
    this.tallies = tallies;
    this.stamped = stamped;
  }

  /** Recounts these in their order until the deadline, and says how many that were. */
  int recount(List<JobGroup> groups, Deadline deadline) {
    int recounted = 0;
    for (List<JobGroup> slice : slices(groups)) {
      if (deadline.passed()) {
        return recounted;
      }
      try {
        recounted += slice(slice, deadline);
      } catch (MongoException e) {
        // Time is over, or a transaction of somebody who died holds a batch, for a minute at most.
        // What was left out is found again by the next run.
        if (!ServerErrors.isTimeout(e)) {
          throw e;
        }
      }
    }
    return recounted;
  }

  private int slice(List<JobGroup> slice, Deadline deadline) {
    if (slice.size() == 1) {
      return recounter.recountIfDue(slice.get(0), Duration.ZERO, deadline) ? 1 : 0;
    }
    Map<JobGroup, Instant> stamps = new HashMap<>();
    slice.forEach(group -> stamps.put(group, stamped.getOrDefault(group, Instant.EPOCH)));
    return recounter.recountAll(stamps, deadline).size();
  }

  private List<List<JobGroup>> slices(List<JobGroup> groups) {
    List<List<JobGroup>> slices = new ArrayList<>();
    List<JobGroup> slice = new ArrayList<>();
    long jobs = 0;
    for (JobGroup group : groups) {
      long size = tallies.containsKey(group) ? 1 + tallies.get(group).total() : UNKNOWN_SIZE;
      boolean isAlone = group.equals(JobGroup.OUTSIDE);
      if (!slice.isEmpty() && (isAlone || slice.size() == MOST_GROUPS || jobs + size > MOST_JOBS)) {
        slices.add(slice);
        slice = new ArrayList<>();
        jobs = 0;
      }
      slice.add(group);
      jobs = isAlone ? MOST_JOBS : jobs + size;
    }
    if (!slice.isEmpty()) {
      slices.add(slice);
    }
    return slices;
  }
}

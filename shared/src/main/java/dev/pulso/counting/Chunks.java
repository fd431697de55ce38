package dev.pulso.counting;

import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.time.Deadline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.bson.Document;

/**
 * Recounts groups a chunk at a time, large enough that small batches share the round trips, small
 * enough that a run which is cut off loses little.
 */
final class Chunks {
  static final int MOST_GROUPS = 100;
  static final long MOST_JOBS = 100_000;

  /** What a group of which nothing is known may hold; some hold far more. */
  private static final long UNKNOWN_SIZE = 2_000;

  /** So many are left out only when the time was over. */
  private static final int MOST_LOOKED_AT = 10_000;

  private final Recounting recounting;
  private final Runnable afterChunk;
  private final List<Candidate> chunk = new ArrayList<>();
  private long jobs;
  private long total;
  private int recounted;
  private final Map<JobGroup, Candidate> leftOut = new HashMap<>();

  /** Recounts the groups of a chunk, and returns those that it recounted. */
  interface Recounting {
    Set<JobGroup> recount(List<JobGroup> groups, Deadline deadline);
  }

  /**
   * @param afterChunk what is done after each chunk
   */
  Chunks(Recounting recounting, Runnable afterChunk) {
    this.recounting = recounting;
    this.afterChunk = afterChunk;
  }

  /**
   * A group that is to be recounted.
   *
   * @param takenAt when it was counted last; empty: never
   * @param total how many jobs it had then, or has by its uploader
   * @param isOfDay whether it is known that this count has the jobs of the day
   */
  record Candidate(JobGroup group, Optional<Instant> takenAt, long total, boolean isOfDay) {
    Candidate(JobGroup group, Optional<Instant> takenAt, long total) {
      this(group, takenAt, total, false);
    }

    /** A counted group. */
    static Candidate of(Document snapshot) {
      Optional<Instant> takenAt = Lenient.time(snapshot.get(CounterSnapshot.TAKEN_AT));
      return new Candidate(
          JobGroup.ofSnapshot(snapshot),
          takenAt,
          Lenient.count(snapshot.get(CounterSnapshot.TOTAL)),
          takenAt.isPresent()
              && takenAt.equals(Lenient.time(snapshot.get(CounterSnapshot.COUNTED_FOR_DAY))));
    }

    private boolean isUncounted() {
      return takenAt.isEmpty();
    }
  }

  /** Groups that were recounted. */
  int recounted() {
    return recounted;
  }

  /** The jobs that all these groups had when they were counted last. */
  long total() {
    return total;
  }

  /** Groups that were left out, and never counted before. */
  int uncounted() {
    return (int) leftOut.values().stream().filter(Candidate::isUncounted).count();
  }

  /** The moment up to which all groups are counted; {@link Instant#MAX}: none was left out. */
  Instant countedAsOf() {
    return leftOut.values().stream()
        .map(group -> group.takenAt().orElse(Instant.EPOCH))
        .min(Comparator.naturalOrder())
        .orElse(Instant.MAX);
  }

  /** Whether the jobs of the day are counted in all these groups. */
  boolean areOfDay() {
    return leftOut.values().stream().allMatch(Candidate::isOfDay);
  }

  /** Somebody else may have counted groups that were left out: a poll, just before or meanwhile. */
  void lookAgain(Function<Set<JobGroup>, List<Candidate>> counted) {
    if (!leftOut.isEmpty() && leftOut.size() <= MOST_LOOKED_AT) {
      ServerErrors.inTime(() -> counted.apply(leftOut.keySet()), List.<Candidate>of())
          .forEach(group -> leftOut.put(group.group(), group));
    }
  }

  /** Recounts all of these, but for those for which the time is over. */
  void recount(Iterable<Candidate> groups, Deadline deadline) {
    groups.forEach(group -> add(group, deadline));
    flush(deadline);
  }

  /** Recounts this one, alone or with the next ones. */
  void add(Candidate group, Deadline deadline) {
    long size = group.isUncounted() ? Math.max(UNKNOWN_SIZE, group.total()) : 1 + group.total();
    boolean isAlone = group.group().equals(JobGroup.OUTSIDE);
    if (isAlone || chunk.size() == MOST_GROUPS || jobs + size > MOST_JOBS) {
      flush(deadline);
    }
    chunk.add(group);
    jobs += isAlone ? MOST_JOBS : size;
  }

  /** Recounts what was added last. */
  void flush(Deadline deadline) {
    if (chunk.isEmpty()) {
      return;
    }
    List<Candidate> known = chunk.stream().filter(group -> !group.isUncounted()).toList();
    List<Candidate> unknown = chunk.stream().filter(Candidate::isUncounted).toList();
    chunk.clear();
    jobs = 0;
    note(known, recounted(known, deadline).orElse(Set.of()));
    // Any of these may be huge. If one is, the next run must not find them together again.
    boolean areSeveral = unknown.size() > 1;
    Optional<Set<JobGroup>> done = recounted(unknown, areSeveral ? deadline.share(50) : deadline);
    if (areSeveral && done.isEmpty() && !deadline.passed()) {
      afterChunk.run();
      for (Candidate group : unknown) {
        note(List.of(group), recounted(List.of(group), deadline.share(50)).orElse(Set.of()));
      }
    } else {
      note(unknown, done.orElse(Set.of()));
    }
  }

  private void note(List<Candidate> groups, Set<JobGroup> done) {
    for (Candidate group : groups) {
      total += group.total();
      if (!done.contains(group.group())) {
        leftOut.put(group.group(), group);
      }
    }
    recounted += done.size();
    if (!done.isEmpty()) {
      afterChunk.run();
    }
  }

  /** Empty: time is over, or somebody holds a batch. The next run finds again what was left out. */
  private Optional<Set<JobGroup>> recounted(List<Candidate> groups, Deadline deadline) {
    if (groups.isEmpty()) {
      return Optional.of(Set.of());
    }
    return ServerErrors.inTime(
        () ->
            deadline.passed()
                ? Optional.empty()
                : Optional.of(
                    recounting.recount(groups.stream().map(Candidate::group).toList(), deadline)),
        Optional.empty());
  }
}

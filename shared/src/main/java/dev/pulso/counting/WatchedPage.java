package dev.pulso.counting;

import dev.pulso.batch.Batch;
import dev.pulso.counting.Chunks.Candidate;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Gatherers;

/**
 * Keeps the counters of a page of batches fresh while somebody asks for it again and again. One of
 * those who ask recounts, and the others show what is stored.
 */
public final class WatchedPage {
  /** A batch that was left out of so many rounds stays behind. */
  private static final int BEHIND = 3;

  /** No chunk begins later in a request. */
  private static final Duration LONGEST = Duration.ofSeconds(1);

  /** A batch that takes long must not keep the others from their turn. */
  private static final Comparator<Candidate> LARGE_LAST =
      Comparator.comparing(batch -> batch.total() > Chunks.MOST_JOBS);

  private static final Comparator<Candidate> OLDEST_FIRST =
      Comparator.comparing(batch -> batch.takenAt().orElse(Instant.EPOCH));

  /** There may not be time for all of them. */
  private static final Comparator<Batch> STALEST_FIRST =
      Comparator.comparing((Batch batch) -> batch.staleness().orElse(Duration.ZERO)).reversed();

  private final Recounter recounter;
  private final Predicate<Batch> isKeptFresh;

  /**
   * @param isKeptFresh which of the batches that were counted before
   */
  public WatchedPage(Recounter recounter, Predicate<Batch> isKeptFresh) {
    this.recounter = recounter;
    this.isKeptFresh = isKeptFresh;
  }

  /**
   * Recounts those batches whose counters are due: those to keep fresh, and all that were never
   * counted.
   *
   * @param page batches as they were read
   * @return whether there are new counters to read
   */
  public boolean recount(List<Batch> page, Deadline deadline) {
    Duration interval = interval(page);
    Map<JobGroup, Candidate> due = new LinkedHashMap<>();
    for (Batch batch : page) {
      if (batch.batchId().isPresent() && isDue(batch, interval)) {
        Candidate candidate = candidate(batch);
        due.put(candidate.group(), candidate);
      }
    }
    if (due.isEmpty()) {
      return false;
    }
    // Whoever recounts a chunk holds the lease on its last batch: one that nothing keeps from it.
    List<Candidate> ordered =
        due.values().stream().sorted(LARGE_LAST.thenComparing(OLDEST_FIRST)).toList();
    Chunks chunks =
        new Chunks(
            (groups, begin) ->
                recounter.recountWatched(
                    groups, interval, patience(due.get(groups.getFirst())), deadline),
            () -> {});
    Deadline begin = deadline.orIn(LONGEST);
    // Another program may lock a batch that stays behind: the others do not wait for it.
    Instant behind = page.getFirst().readAt().minus(interval.multipliedBy(BEHIND));
    chunks.recount(ordered.stream().filter(batch -> isSince(batch, behind)).toList(), begin);
    chunks.recount(ordered.stream().filter(batch -> !isSince(batch, behind)).toList(), begin);
    return chunks.recounted() > 0;
  }

  /**
   * Recounts batches that are watched one by one. Active and small ones come first: others, whose
   * last jobs may still end, do not delay them. A large one has a share of its own: it would make
   * the counters of those beside it old.
   */
  public void recountEach(List<Batch> batches, Deadline deadline) {
    for (boolean isActive : new boolean[] {true, false}) {
      for (boolean isLarge : new boolean[] {false, true}) {
        batches.stream()
            .filter(batch -> batch.isActive() == isActive)
            .filter(batch -> jobs(batch) > Chunks.MOST_JOBS == isLarge)
            .sorted(isLarge ? STALEST_FIRST : Comparator.comparingLong(WatchedPage::jobs))
            .gather(Gatherers.windowFixed(isLarge ? 1 : Chunks.MOST_GROUPS))
            .forEach(some -> recount(some, deadline));
      }
    }
  }

  /**
   * Old counters can be shown while a busy server is slow; of an uncounted batch nothing can. No
   * chunk has both.
   */
  private static Duration patience(Candidate batch) {
    return batch.takenAt().isEmpty() ? IndependentWrites.UNHURRIED : IndependentWrites.PATIENCE;
  }

  private Duration interval(List<Batch> page) {
    long jobs = page.stream().filter(isKeptFresh).mapToLong(WatchedPage::jobs).sum();
    Duration share = DutyCycle.afterPage(jobs);
    return share.compareTo(Recounter.MINIMUM_INTERVAL) > 0 ? share : Recounter.MINIMUM_INTERVAL;
  }

  private boolean isDue(Batch batch, Duration interval) {
    if (!batch.wasRecounted()) {
      return true;
    }
    return isKeptFresh.test(batch)
        && batch.isDue()
        && batch.staleness().filter(age -> isWithin(age, interval)).isEmpty();
  }

  /** A negative age: the server's clock was set back. */
  private static boolean isWithin(Duration age, Duration interval) {
    return !age.isNegative() && age.compareTo(interval) < 0;
  }

  private static boolean isSince(Candidate batch, Instant time) {
    return batch.takenAt().filter(at -> !at.isBefore(time)).isPresent();
  }

  private static Candidate candidate(Batch batch) {
    return new Candidate(
        JobGroup.of(batch.batchId().orElseThrow()),
        batch.staleness().map(batch.readAt()::minus),
        jobs(batch));
  }

  /** Of a batch whose jobs are gone there is nothing to count, whatever it carries. */
  private static long jobs(Batch batch) {
    return batch.wasRecounted() && !batch.isCounted() ? 0 : batch.counters().total();
  }
}

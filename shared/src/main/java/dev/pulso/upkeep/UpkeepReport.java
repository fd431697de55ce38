package dev.pulso.upkeep;

import dev.pulso.observe.Figures;
import dev.pulso.observe.Measured;
import dev.pulso.observe.Metric;
import dev.pulso.observe.Observation;
import dev.pulso.observe.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a run of upkeep did.
 *
 * @param fencesRestored cancelled batches that somebody had made active
 * @param cancelsFinished cancels that were cut off, and are done now
 * @param cancelsOpen cancels that are still to be finished
 * @param oldestCancel how long ago the oldest of both began, by the clock of the database; zero
 *     without any
 * @param batchesSwept cancelled batches in which jobs had come to wait again
 * @param indexesMade names of indexes that were missing
 * @param indexesRefused how many indexes the server refuses to build
 * @param groupsRecounted groups of jobs that were counted
 * @param groupsUncounted groups that were never counted yet
 * @param totalsRebuilt 1 when account totals were wrong, and made anew
 * @param failedSteps names of the steps that failed
 * @param took how long it took
 */
public record UpkeepReport(
    long fencesRestored,
    int cancelsFinished,
    int cancelsOpen,
    Duration oldestCancel,
    int batchesSwept,
    List<String> indexesMade,
    int indexesRefused,
    int groupsRecounted,
    int groupsUncounted,
    int totalsRebuilt,
    List<String> failedSteps,
    Duration took) {

  /** What the function is called in logs and metrics. */
  public static final String ENDPOINT = "batch-upkeep";

  private static final String EVENT = "upkeep";

  /**
   * What is told of the run.
   *
   * @param seen what was noted while it worked
   */
  public Measured measured(Observation seen) {
    Map<Metric, BigDecimal> figures = new EnumMap<>(figures());
    figures.putAll(
        new Figures()
            .count(Metric.JOBS_CANCELLED, seen.jobsCancelled())
            .count(Metric.RECOUNTS, seen.recounts())
            .values());
    return new Measured(
        Instant.now(),
        EVENT,
        ENDPOINT,
        failedSteps.isEmpty() ? Outcome.OK : Outcome.ERROR,
        json ->
            json.text("failed_steps", String.join(", ", failedSteps))
                .number("indexes_made", indexesMade.size())
                .number("database_ms", Figures.millis(seen.databaseTime()))
                .number("database_calls", seen.databaseCalls()),
        figures);
  }

  /**
   * Its figures, but for those that are noted while it works. A cancel counts as open in the run
   * that finishes it too, or one that only upkeep carries through would never be seen.
   */
  public Map<Metric, BigDecimal> figures() {
    return new Figures()
        .count(Metric.UPKEEP_RUNS, 1)
        .time(Metric.UPKEEP_MS, took)
        .count(Metric.CANCELS_OPEN, cancelsFinished + cancelsOpen)
        .time(Metric.OLDEST_OPEN_CANCEL_S, oldestCancel)
        .count(Metric.CANCELS_FINISHED, cancelsFinished)
        .count(Metric.BATCHES_SWEPT, batchesSwept)
        .count(Metric.FENCES_RESTORED, fencesRestored)
        .count(Metric.GROUPS_UNCOUNTED, groupsUncounted)
        .count(Metric.TOTALS_REBUILT, totalsRebuilt)
        .count(Metric.INDEXES_REFUSED, indexesRefused)
        .count(Metric.UPKEEP_STEP_FAILURES, failedSteps.size())
        .values();
  }
}

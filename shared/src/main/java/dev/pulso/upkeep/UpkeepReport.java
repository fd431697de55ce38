package dev.pulso.upkeep;

import dev.pulso.observe.Figures;
import dev.pulso.observe.Measured;
import dev.pulso.observe.Metric;
import dev.pulso.observe.Observation;
import dev.pulso.observe.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The report of an upkeep run.
 *
 * @param markersRestored cancelled batches that another program had made active
 * @param operationsOpen operations on many batches that no request had finished
 * @param cancelsFinished open cancels that it finished
 * @param cancelsOpen cancels that are still open
 * @param oldestCancel age of the oldest of both, by the server's clock; zero without any
 * @param batchesSwept cancelled batches with late returns
 * @param indexesMade names of the created indexes
 * @param indexesRefused number of indexes that the server refuses to build
 * @param groupsRecounted number of recounted groups
 * @param groupsUncounted number of groups that were never counted
 * @param totalsRebuilt 1 if the account totals were wrong and were rebuilt
 * @param oldestDelivery for how long the oldest waiting delivery to a webhook is due
 * @param failedSteps names of the steps that failed
 * @param took duration of the run
 */
public record UpkeepReport(
    long markersRestored,
    int operationsOpen,
    int cancelsFinished,
    int cancelsOpen,
    Duration oldestCancel,
    int batchesSwept,
    List<String> indexesMade,
    int indexesRefused,
    int groupsRecounted,
    int groupsUncounted,
    int totalsRebuilt,
    Duration oldestDelivery,
    List<String> failedSteps,
    Duration took) {

  /** Name of the function in logs and metrics. */
  public static final String ENDPOINT = "batch-upkeep";

  private static final String EVENT = "upkeep";

  /**
   * Returns the measurement of the run.
   *
   * @param seen what was observed during it
   */
  public Measured measured(Observation seen) {
    Figures figures =
        own()
            .count(Metric.JOBS_CANCELLED, seen.jobsCancelled())
            .count(Metric.RECOUNTS, seen.recounts());
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
        figures.values());
  }

  /** Returns its figures, without those observed during the run. */
  public Map<Metric, BigDecimal> figures() {
    return own().values();
  }

  /**
   * A cancel also counts as open in the run that finishes it: otherwise a cancel that only upkeep
   * completes would never be seen.
   */
  private Figures own() {
    return new Figures()
        .count(Metric.UPKEEP_RUNS, 1)
        .time(Metric.UPKEEP_MS, took)
        .count(Metric.OPERATIONS_OPEN, operationsOpen)
        .count(Metric.CANCELS_OPEN, cancelsFinished + cancelsOpen)
        .time(Metric.OLDEST_OPEN_CANCEL_S, oldestCancel)
        .count(Metric.CANCELS_FINISHED, cancelsFinished)
        .count(Metric.BATCHES_SWEPT, batchesSwept)
        .count(Metric.FENCES_RESTORED, markersRestored)
        .count(Metric.GROUPS_UNCOUNTED, groupsUncounted)
        .count(Metric.TOTALS_REBUILT, totalsRebuilt)
        .time(Metric.OLDEST_DUE_DELIVERY_S, oldestDelivery)
        .count(Metric.INDEXES_REFUSED, indexesRefused)
        .count(Metric.UPKEEP_STEP_FAILURES, failedSteps.size());
  }
}

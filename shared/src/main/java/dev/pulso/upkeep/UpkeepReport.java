package dev.pulso.upkeep;

import dev.pulso.observe.Figures;
import dev.pulso.observe.Metric;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a run of upkeep did.
 *
 * @param fencesRestored cancelled batches that somebody had made active
 * @param cancelsOpen unfinished cancels that it found
 * @param oldestOpenCancel how long ago the oldest of these began, by the clock of the database;
 *     zero without any
 * @param cancelsFinished how many of them are done now
 * @param batchesSwept cancelled batches in which jobs had come to wait again
 * @param indexesMade names of indexes that were missing
 * @param groupsRecounted groups of jobs that were counted
 * @param groupsUncounted groups that were never counted yet
 * @param took how long it took
 */
public record UpkeepReport(
    long fencesRestored,
    int cancelsOpen,
    Duration oldestOpenCancel,
    int cancelsFinished,
    int batchesSwept,
    List<String> indexesMade,
    int groupsRecounted,
    int groupsUncounted,
    Duration took) {

  /** Its figures, but for those that are noted while it works. */
  public Map<Metric, BigDecimal> figures() {
    return new Figures()
        .count(Metric.UPKEEP_RUNS, 1)
        .time(Metric.UPKEEP_MS, took)
        .count(Metric.CANCELS_OPEN, cancelsOpen)
        .time(Metric.OLDEST_OPEN_CANCEL_S, oldestOpenCancel)
        .count(Metric.CANCELS_FINISHED, cancelsFinished)
        .count(Metric.BATCHES_SWEPT, batchesSwept)
        .count(Metric.FENCES_RESTORED, fencesRestored)
        .count(Metric.GROUPS_UNCOUNTED, groupsUncounted)
        .values();
  }
}

package dev.pulso.upkeep;

import java.time.Duration;
import java.util.List;

/**
 * What a run of upkeep did.
 *
 * @param fencesRestored cancelled batches that somebody had made active
 * @param cancelsFinished cancels that were cut off, and are done now
 * @param cancelsOpen cancels that are still to be finished
 * @param batchesSwept cancelled batches in which jobs had come to wait again
 * @param indexesMade names of indexes that were missing
 * @param groupsRecounted groups of jobs that were counted
 * @param groupsUncounted groups that were never counted yet
 * @param took how long it took
 */
public record UpkeepReport(
    long fencesRestored,
    int cancelsFinished,
    int cancelsOpen,
    int batchesSwept,
    List<String> indexesMade,
    int groupsRecounted,
    int groupsUncounted,
    Duration took) {}

package dev.pulso.recount;

import java.time.Duration;
import java.util.Map;

/**
 * What was found out about some groups at one moment.
 *
 * @param counts their jobs; a group without any may be missing
 * @param countCost what counting took
 * @param sums cost and length of the calls of those that were summed, and of no others
 * @param sumsCost what summing took
 */
record Recount(
    Map<JobGroup, JobCounts> counts,
    Duration countCost,
    Map<JobGroup, Sums> sums,
    Duration sumsCost) {

  JobCounts counts(JobGroup group) {
    return counts.getOrDefault(group, JobCounts.NONE);
  }

  long jobs() {
    return counts.values().stream().mapToLong(of -> of.counts().total()).sum();
  }
}

package dev.pulso.recount;

import java.time.Instant;

/**
 * The right to recount a group, until it runs out.
 *
 * @param token grows with every lease of the group, across all processes
 * @param takenAt when it was taken, by the clock of the database
 * @param before what was known of the group until now
 */
record Lease(long token, Instant takenAt, Tally before) {
  JobGroup group() {
    return before.group();
  }
}

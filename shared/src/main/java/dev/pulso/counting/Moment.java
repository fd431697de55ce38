package dev.pulso.counting;

import dev.pulso.time.Midnight;
import java.time.Instant;
import java.time.ZoneId;

/**
 * The moment of a recount, by the server's clock.
 *
 * @param midnight the beginning of its day
 */
record Moment(Instant at, Instant midnight) {

  static Moment of(Instant at, ZoneId zone) {
    return new Moment(at, Midnight.before(at, zone));
  }

  /** Returns the latest time that a job may have: no clock is further ahead, so more is damage. */
  Instant latestTime() {
    return at.plus(Recounter.CLOCK_SKEW);
  }
}

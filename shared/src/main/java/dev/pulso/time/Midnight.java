package dev.pulso.time;

import java.time.Instant;
import java.time.ZoneId;

/** The beginning of "today". Counting and answering share this rule. */
public final class Midnight {
  private Midnight() {}

  /** Returns the beginning (UTC) of the day in a zone at this moment. */
  public static Instant before(Instant moment, ZoneId zone) {
    return moment.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
  }
}

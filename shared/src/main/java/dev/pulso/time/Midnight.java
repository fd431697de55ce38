package dev.pulso.time;

import java.time.Instant;
import java.time.ZoneId;

/** Where "today" begins. The one rule that counting and answering have to share. */
public final class Midnight {
  private Midnight() {}

  /** The beginning (UTC) of the day that a zone has at that moment. */
  public static Instant before(Instant moment, ZoneId zone) {
    return moment.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
  }
}

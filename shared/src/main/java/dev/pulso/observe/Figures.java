package dev.pulso.observe;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** A builder of figures by metric. */
public final class Figures {
  private static final int MICROS = 3;

  private final Map<Metric, BigDecimal> values = new EnumMap<>(Metric.class);

  /** Adds a count, also if it is 0. */
  public Figures count(Metric metric, long count) {
    values.put(metric, BigDecimal.valueOf(count));
    return this;
  }

  /** Adds a count unless it is 0. */
  public Figures countIfAny(Metric metric, long count) {
    return count == 0 ? this : count(metric, count);
  }

  /** Adds a duration; metrics in milliseconds keep microseconds. */
  public Figures time(Metric metric, Duration time) {
    values.put(metric, metric.unit() == Metric.Unit.SECONDS ? seconds(time) : millis(time));
    return this;
  }

  /** Returns the figures. */
  public Map<Metric, BigDecimal> values() {
    return values;
  }

  /** Returns milliseconds, with three decimals. */
  public static BigDecimal millis(Duration time) {
    return BigDecimal.valueOf(time.toNanos() / 1_000, MICROS);
  }

  private static BigDecimal seconds(Duration time) {
    return BigDecimal.valueOf(time.toSeconds());
  }
}

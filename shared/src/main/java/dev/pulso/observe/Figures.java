package dev.pulso.observe;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Figures that are being put together. */
public final class Figures {
  private static final int MICROS = 3;

  private final Map<Metric, BigDecimal> values = new EnumMap<>(Metric.class);

  /** A count, 0 too. */
  public Figures count(Metric metric, long count) {
    values.put(metric, BigDecimal.valueOf(count));
    return this;
  }

  /** A count, unless it is 0. */
  public Figures countIfAny(Metric metric, long count) {
    return count == 0 ? this : count(metric, count);
  }

  /** A time, to the microsecond where the metric is in milliseconds. */
  public Figures time(Metric metric, Duration time) {
    values.put(metric, metric.unit() == Metric.Unit.SECONDS ? seconds(time) : millis(time));
    return this;
  }

  /** The figures so far, which may be added to. */
  public Map<Metric, BigDecimal> values() {
    return values;
  }

  /** Milliseconds, to the microsecond. */
  public static BigDecimal millis(Duration time) {
    return BigDecimal.valueOf(time.toNanos() / 1_000, MICROS);
  }

  private static BigDecimal seconds(Duration time) {
    return BigDecimal.valueOf(time.toSeconds());
  }
}

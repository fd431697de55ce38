package dev.pulso.observe;

import dev.pulso.text.JsonWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The figures of several measurements: sums of counts, and for each time its values and how often
 * each occurred, from which CloudWatch computes the same sums, averages and percentiles as from
 * single values. CloudWatch accepts up to 100 values of a metric, so there must be no more
 * measurements than that.
 */
final class Distributions {
  /** Two digits: a time is wrong by 5 % at most, and many times become one value. */
  private static final MathContext PRECISION = new MathContext(2);

  private final Map<Metric, TreeMap<BigDecimal, Integer>> times = new EnumMap<>(Metric.class);
  private final Map<Metric, BigDecimal> counts = new EnumMap<>(Metric.class);

  Distributions(List<Measured> measurements) {
    for (Measured measured : measurements) {
      measured.figures().forEach(this::add);
    }
  }

  private void add(Metric metric, BigDecimal value) {
    if (metric.unit() == Metric.Unit.COUNT) {
      counts.merge(metric, value, BigDecimal::add);
    } else {
      times.computeIfAbsent(metric, m -> new TreeMap<>()).merge(rounded(value), 1, Integer::sum);
    }
  }

  private static BigDecimal rounded(BigDecimal value) {
    BigDecimal brief = value.round(PRECISION).stripTrailingZeros();
    return brief.scale() < 0 ? brief.setScale(0) : brief;
  }

  Set<Metric> metrics() {
    EnumMap<Metric, Object> all = new EnumMap<>(Metric.class);
    all.putAll(counts);
    all.putAll(times);
    return all.keySet();
  }

  void write(JsonWriter json) {
    counts.forEach((metric, sum) -> json.number(metric.label(), sum));
    times.forEach(
        (metric, values) ->
            json.object(
                metric.label(),
                distribution ->
                    distribution
                        .numbers("Values", values.keySet())
                        .numbers("Counts", values.values())));
  }
}

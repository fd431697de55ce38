package dev.pulso.upkeep;

import dev.pulso.observe.Figures;
import dev.pulso.observe.Measured;
import dev.pulso.observe.Metric;
import dev.pulso.observe.Observation;
import dev.pulso.observe.Outcome;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/** Puts together what is known of a run of upkeep. */
public final class UpkeepMeasured {
  /** What the function is called in logs and metrics. */
  public static final String ENDPOINT = "batch-upkeep";

  private static final String EVENT = "upkeep";

  private UpkeepMeasured() {}

  /**
   * A run that is over.
   *
   * @param seen what was noted while it worked
   */
  public static Measured of(UpkeepReport report, Observation seen) {
    Map<Metric, BigDecimal> figures = new EnumMap<>(report.figures());
    figures.putAll(
        new Figures()
            .count(Metric.JOBS_CANCELLED, seen.jobsCancelled())
            .count(Metric.RECOUNTS, seen.recounts())
            .values());
    return new Measured(
        Instant.now(),
        EVENT,
        ENDPOINT,
        report.failedSteps().isEmpty() ? Outcome.OK : Outcome.ERROR,
        json ->
            json.text("failed_steps", String.join(", ", report.failedSteps()))
                .number("indexes_made", report.indexesMade().size())
                .number("database_ms", Figures.millis(seen.databaseTime()))
                .number("database_calls", seen.databaseCalls()),
        figures);
  }
}

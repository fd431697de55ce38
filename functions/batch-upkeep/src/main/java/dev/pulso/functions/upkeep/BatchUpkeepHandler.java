package dev.pulso.functions.upkeep;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.http.Failures;
import dev.pulso.observe.LoggedException;
import dev.pulso.time.Deadline;
import dev.pulso.upkeep.UpkeepReport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Runs upkeep every minute. */
public final class BatchUpkeepHandler
    implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  /** A run ends before the next one begins. */
  private static final Duration LONGEST = Duration.ofSeconds(50);

  private static final Duration MARGIN = Duration.ofSeconds(3);

  private final Pulso pulso;

  /** Used by Lambda. */
  public BatchUpkeepHandler() {
    this(ColdStart.pulso());
  }

  /** Uses a Pulso that the caller closes. */
  public BatchUpkeepHandler(Pulso pulso) {
    this.pulso = pulso;
  }

  /**
   * Runs upkeep once. Ignores the content of the event.
   *
   * @return the figures of the report
   * @throws LoggedException when a step failed, so that Lambda counts an error
   */
  @Override
  public Map<String, Object> handleRequest(Map<String, Object> schedule, Context context) {
    Duration budget = Deadline.of(context, MARGIN, LONGEST).remaining();
    UpkeepReport report =
        Failures.logged(UpkeepReport.ENDPOINT, Optional.empty(), () -> pulso.runUpkeep(budget));
    if (!report.failedSteps().isEmpty()) {
      throw new LoggedException();
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    report.figures().forEach((metric, value) -> figures.put(metric.label(), value));
    return figures;
  }
}

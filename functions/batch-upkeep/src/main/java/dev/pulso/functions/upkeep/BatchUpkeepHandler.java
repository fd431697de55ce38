package dev.pulso.functions.upkeep;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.pulso.Pulso;
import dev.pulso.log.Log;
import dev.pulso.time.Deadline;
import dev.pulso.upkeep.UpkeepReport;
import java.time.Duration;
import java.util.Map;

/** Runs every minute, and does what is left to do. */
public final class BatchUpkeepHandler
    implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  /** A run is over before the next one begins. */
  private static final Duration LONGEST = Duration.ofSeconds(50);

  private static final Duration MARGIN = Duration.ofSeconds(3);

  private final Pulso pulso;

  /** For Lambda. */
  public BatchUpkeepHandler() {
    this(Pulso.fromEnvironment());
  }

  /** With a Pulso that the caller made, and closes. */
  public BatchUpkeepHandler(Pulso pulso) {
    this.pulso = pulso;
  }

  /**
   * One run. What the schedule sends is not looked at.
   *
   * @return the figures of the report
   */
  @Override
  public Map<String, Object> handleRequest(Map<String, Object> schedule, Context context) {
    Duration left =
        context == null
            ? LONGEST
            : Duration.ofMillis(context.getRemainingTimeInMillis()).minus(MARGIN);
    UpkeepReport report = pulso.upkeep().run(Deadline.in(LONGEST).orIn(left), left);
    Log.info(
        "upkeep",
        json ->
            json.number("fences_restored", report.fencesRestored())
                .number("cancels_finished", report.cancelsFinished())
                .number("cancels_open", report.cancelsOpen())
                .number("batches_swept", report.batchesSwept())
                .number("indexes_made", report.indexesMade().size())
                .number("groups_recounted", report.groupsRecounted())
                .number("groups_uncounted", report.groupsUncounted())
                .number("took_ms", report.took().toMillis()));
    return Map.of(
        "fences_restored", report.fencesRestored(),
        "cancels_finished", report.cancelsFinished(),
        "cancels_open", report.cancelsOpen(),
        "batches_swept", report.batchesSwept(),
        "indexes_made", report.indexesMade(),
        "groups_recounted", report.groupsRecounted(),
        "groups_uncounted", report.groupsUncounted(),
        "took_ms", report.took().toMillis());
  }
}

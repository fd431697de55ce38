package dev.pulso.log;

import dev.pulso.json.JsonWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Writes one JSON line per event to standard output, where Lambda takes logs from. Messages of
 * exceptions are left out: the driver's name hosts and hold values of documents.
 */
public final class Log {
  private static final int FRAMES = 12;

  private Log() {}

  /** Something that is worth knowing. */
  public static void info(String event, Consumer<JsonWriter> fields) {
    line("INFO", event, fields);
  }

  /**
   * Counts and milliseconds of something that was done: one line that is a log entry and, in
   * CloudWatch's embedded metric format, a metric each in the namespace Pulso.
   */
  public static void figures(String event, Map<String, Long> figures) {
    info(
        event,
        json -> {
          figures.forEach(json::number);
          json.object("_aws", aws -> metrics(aws, event, figures));
        });
  }

  private static void metrics(JsonWriter aws, String event, Map<String, Long> figures) {
    aws.number("Timestamp", System.currentTimeMillis())
        .array(
            "CloudWatchMetrics",
            List.of(event),
            (directive, name) ->
                directive
                    .text("Namespace", "Pulso")
                    .lists("Dimensions", List.of(List.of("event")))
                    .array(
                        "Metrics",
                        figures.keySet(),
                        (metric, figure) ->
                            metric
                                .text("Name", figure)
                                .text("Unit", figure.endsWith("_ms") ? "Milliseconds" : "Count")));
  }

  /** A request that failed through no fault of the caller's. */
  public static void failure(
      String route, Optional<String> requestId, String code, Throwable failure) {
    line(
        "ERROR",
        "request_failed",
        json ->
            json.text("route", Optional.ofNullable(route))
                .text("request_id", requestId)
                .text("code", code)
                .text("failure", describe(failure)));
  }

  private static void line(String level, String event, Consumer<JsonWriter> fields) {
    System.out.println(
        JsonWriter.object(
            json -> {
              json.text("at", JsonWriter.format(Instant.now()))
                  .text("level", level)
                  .text("event", event);
              fields.accept(json);
            }));
  }

  /** Classes and places of a failure and of its causes. */
  private static String describe(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      text.append(text.isEmpty() ? "" : " caused by ")
          .append(cause.getClass().getName())
          .append(" at ")
          .append(
              Arrays.stream(cause.getStackTrace())
                  .limit(FRAMES)
                  .map(StackTraceElement::toString)
                  .collect(Collectors.joining(" < ")));
    }
    return text.toString();
  }
}

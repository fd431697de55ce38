package dev.pulso.observe;

import dev.pulso.text.JsonWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Writes one JSON line per event to standard output, which Lambda collects. Leaves out messages of
 * exceptions: those of the driver contain hosts and values of documents.
 */
public final class Log {
  static final String INFO = "INFO";
  static final String ERROR = "ERROR";

  private static final int FRAMES = 12;

  private Log() {}

  public static void info(String event, Consumer<JsonWriter> fields) {
    write(line(Instant.now(), INFO, event, fields));
  }

  public static void error(String event, Consumer<JsonWriter> fields) {
    write(line(Instant.now(), ERROR, event, fields));
  }

  /** Logs a failure that is not the caller's fault. */
  public static void failure(
      String route, Optional<String> requestId, String code, Throwable failure) {
    error(
        "request_failed",
        json ->
            json.text("route", Optional.ofNullable(route))
                .text("request_id", requestId)
                .text("code", code)
                .text("failure", describe(failure)));
  }

  static String line(Instant at, String level, String event, Consumer<JsonWriter> fields) {
    return JsonWriter.object(
        json -> {
          json.time("at", at).text("level", level).text("event", event);
          fields.accept(json);
        });
  }

  static void write(String line) {
    System.out.println(line);
  }

  /** Returns classes and stack frames of a failure and its causes, without messages. */
  public static String describe(Throwable failure) {
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

package dev.pulso.observe;

import dev.pulso.text.JsonWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Writes one JSON line per event to standard output, where Lambda takes logs from. Messages of
 * exceptions are left out: the driver's name hosts and hold values of documents.
 */
public final class Log {
  static final String INFO = "INFO";
  static final String ERROR = "ERROR";

  private static final int FRAMES = 12;

  private Log() {}

  /** Something that is worth knowing. */
  public static void info(String event, Consumer<JsonWriter> fields) {
    write(line(Instant.now(), INFO, event, fields));
  }

  /** Something that failed. */
  public static void error(String event, Consumer<JsonWriter> fields) {
    write(line(Instant.now(), ERROR, event, fields));
  }

  /** A request that failed through no fault of the caller's. */
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
          json.text("at", JsonWriter.format(at)).text("level", level).text("event", event);
          fields.accept(json);
        });
  }

  static void write(String line) {
    System.out.println(line);
  }

  /** Classes and places of a failure and of its causes, and nothing of their messages. */
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

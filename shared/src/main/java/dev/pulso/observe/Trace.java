package dev.pulso.observe;

import dev.pulso.text.JsonWriter;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The trace of one invocation: a subsegment under Lambda's own segment, and under it one for each
 * command to the database, with the names of command and collection, never a value. Each is a
 * document of its own, so that their number has no limit. Safe for use by several threads.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 */
public final class Trace {
  /** Reads the operating system's chance: what was drawn before a snapshot is in all its copies. */
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What X-Ray takes for a name. */
  private static final String NOT_OF_A_NAME = "[^\\p{L}\\p{N}\\s_.:/%&#=+\\\\@-]";

  private static final int MICROS = 6;

  private final Daemon daemon;
  private final TraceHeader header;
  private final String database;
  private final String id = newId();
  private final Instant begun = Instant.now();
  private final Map<Integer, String> collections = new ConcurrentHashMap<>();

  Trace(Daemon daemon, TraceHeader header, String database) {
    this.daemon = daemon;
    this.header = header;
    this.database = database.replaceAll(NOT_OF_A_NAME, "_");
  }

  /**
   * A command goes to the database.
   *
   * @param request the driver's number for it
   * @param collection what it is about; empty: the database as a whole
   */
  public void commandBegins(int request, Optional<String> collection) {
    collection.ifPresent(name -> collections.put(request, name));
  }

  /**
   * A command has been answered, or has failed.
   *
   * @param request the driver's number for it
   * @param failure what became of it, if it failed
   */
  public void commandEnds(int request, String command, Duration took, Optional<Throwable> failure) {
    Optional<String> collection = Optional.ofNullable(collections.remove(request));
    Instant ended = Instant.now();
    send(
        database,
        newId(),
        id,
        ended.minus(took),
        ended,
        json ->
            json.text("namespace", "remote")
                .flag("fault", failure.isPresent())
                .object(
                    "annotations",
                    about -> {
                      about.text("command", command);
                      collection.ifPresent(name -> about.text("collection", name));
                      failure.ifPresent(f -> about.text("failure", f.getClass().getSimpleName()));
                    }));
  }

  /**
   * The invocation is over.
   *
   * @param endpoint the function
   */
  public void end(String endpoint, Outcome outcome) {
    send(
        endpoint,
        id,
        header.parent(),
        begun,
        Instant.now(),
        json ->
            json.flag("error", outcome.isClientError() || outcome == Outcome.RATE_LIMITED)
                .flag("throttle", outcome == Outcome.RATE_LIMITED)
                .flag("fault", outcome.isFailure()));
  }

  private void send(
      String name,
      String itsId,
      String parent,
      Instant from,
      Instant to,
      Consumer<JsonWriter> more) {
    daemon.send(
        JsonWriter.object(
            json -> {
              json.text("name", name)
                  .text("id", itsId)
                  .text("trace_id", header.root())
                  .text("parent_id", parent)
                  .text("type", "subsegment")
                  .number("start_time", seconds(from))
                  .number("end_time", seconds(to));
              more.accept(json);
            }));
  }

  private static BigDecimal seconds(Instant time) {
    return BigDecimal.valueOf(time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000, MICROS);
  }

  private static String newId() {
    return HexFormat.of().toHexDigits(RANDOM.nextLong());
  }
}

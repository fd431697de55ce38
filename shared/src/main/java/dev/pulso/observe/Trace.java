package dev.pulso.observe;

import dev.pulso.text.JsonWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The trace of one invocation: a subsegment below Lambda's own segment, and below it one per
 * database command, with the names of command and collection, never a value. Each is sent as its
 * own document, so their number is unlimited. Safe for use by several threads.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 */
public final class Trace {
  /**
   * Reads the operating system's random source: other random state would be the same in all copies
   * of a snapshot.
   */
  private static final SecureRandom RANDOM = new SecureRandom();

  private static final String HEADER = "{\"format\":\"json\",\"version\":1}\n";

  /** Characters that X-Ray does not allow in names. */
  private static final String NOT_OF_A_NAME = "[^\\p{L}\\p{N}\\s_.:/%&#=+\\\\@-]";

  private static final int MICROS = 6;

  private final InetSocketAddress daemon;
  private final TraceHeader header;
  private final String database;
  private final String id = newId();
  private final Instant begun = Instant.now();
  private final Map<Integer, String> collections = new ConcurrentHashMap<>();

  Trace(InetSocketAddress daemon, TraceHeader header, String database) {
    this.daemon = daemon;
    this.header = header;
    this.database = database.replaceAll(NOT_OF_A_NAME, "_");
  }

  /**
   * Notes that a command was sent.
   *
   * @param request the driver's request id
   * @param collection its collection; empty: the whole database
   */
  public void commandBegins(int request, Optional<String> collection) {
    collection.ifPresent(name -> collections.put(request, name));
  }

  /**
   * Notes that a command succeeded or failed.
   *
   * @param request the driver's request id
   * @param failure the failure, if it failed
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
   * Ends the trace.
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
    send(
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

  /**
   * Sends a document to the X-Ray daemon beside the function. A socket for each never waits, and a
   * snapshot never contains one. An unavailable daemon costs only traces.
   */
  private void send(String document) {
    byte[] datagram = (HEADER + document).getBytes(StandardCharsets.UTF_8);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.send(new DatagramPacket(datagram, datagram.length, daemon));
    } catch (IOException | IllegalArgumentException e) {
      Log.info("trace_lost", json -> json.text("failure", e.getClass().getName()));
    }
  }

  private static BigDecimal seconds(Instant time) {
    return BigDecimal.valueOf(time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000, MICROS);
  }

  private static String newId() {
    return HexFormat.of().toHexDigits(RANDOM.nextLong());
  }
}

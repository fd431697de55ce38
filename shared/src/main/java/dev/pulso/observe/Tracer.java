package dev.pulso.observe;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Begins traces, where they are wanted and the invocation is one that is sampled. Without an SDK:
 * what is sent to the daemon beside the function is a few lines of JSON.
 */
public final class Tracer implements AutoCloseable {
  /** Never begins one. */
  public static final Tracer OFF = new Tracer(Optional.empty(), "", Optional::empty);

  /** Set anew by the Java runtime for every invocation. */
  private static final String HEADER = "com.amazonaws.xray.traceHeader";

  private static final String UDP = "udp:";

  private final Optional<Daemon> daemon;
  private final String database;
  private final Supplier<Optional<String>> header;

  private Tracer(Optional<Daemon> daemon, String database, Supplier<Optional<String>> header) {
    this.daemon = daemon;
    this.database = database;
    this.header = header;
  }

  /**
   * The tracer of a process.
   *
   * @param daemon the X-Ray daemon that takes traces; empty: nothing is traced
   * @param database what the database is called in traces
   */
  public static Tracer of(Optional<InetSocketAddress> daemon, String database) {
    return of(daemon, database, () -> Optional.ofNullable(System.getProperty(HEADER)));
  }

  static Tracer of(
      Optional<InetSocketAddress> daemon, String database, Supplier<Optional<String>> header) {
    return daemon
        .map(address -> new Tracer(Optional.of(new Daemon(address)), database, header))
        .orElse(OFF);
  }

  /**
   * Reads where the daemon is.
   *
   * @param text {@code host:port}, or {@code tcp:host:port udp:host:port}
   * @throws IllegalArgumentException when it is no address
   */
  public static InetSocketAddress address(String text) {
    String udp = text.strip();
    for (String part : udp.split("\\s+")) {
      if (part.startsWith(UDP)) {
        udp = part.substring(UDP.length());
      }
    }
    int colon = udp.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("no host and port");
    }
    int port = Integer.parseInt(udp.substring(colon + 1));
    return new InetSocketAddress(udp.substring(0, colon), port);
  }

  /** The trace of the invocation that begins now; empty where it is not to be traced. */
  public Optional<Trace> begin() {
    return daemon.flatMap(
        d -> header.get().flatMap(TraceHeader::sampled).map(h -> new Trace(d, h, database)));
  }

  /** Closes the socket; it is opened again by the next trace. */
  @Override
  public void close() {
    daemon.ifPresent(Daemon::close);
  }
}

package dev.pulso.observe;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;

/** Begins traces of sampled invocations. It needs no SDK: the daemon takes a few lines of JSON. */
public final class Tracer {
  /** A tracer that traces nothing. */
  public static final Tracer OFF = new Tracer(Optional.empty(), "", Optional::empty);

  /** The Java runtime sets this system property for every invocation. */
  private static final String HEADER = "com.amazonaws.xray.traceHeader";

  private static final String UDP = "udp:";

  private final Optional<InetSocketAddress> daemon;
  private final String database;
  private final Supplier<Optional<String>> header;

  private Tracer(
      Optional<InetSocketAddress> daemon, String database, Supplier<Optional<String>> header) {
    this.daemon = daemon;
    this.database = database;
    this.header = header;
  }

  /**
   * Returns the tracer of a process.
   *
   * @param daemon address of the X-Ray daemon; empty: no tracing
   * @param database name of the database in traces
   */
  public static Tracer of(Optional<InetSocketAddress> daemon, String database) {
    return of(daemon, database, () -> Optional.ofNullable(System.getProperty(HEADER)));
  }

  static Tracer of(
      Optional<InetSocketAddress> daemon, String database, Supplier<Optional<String>> header) {
    return daemon.isPresent() ? new Tracer(daemon, database, header) : OFF;
  }

  /**
   * Parses the address of the daemon.
   *
   * @param text {@code host:port}, or {@code tcp:host:port udp:host:port}
   * @throws IllegalArgumentException when it is not an address
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
      throw new IllegalArgumentException("must be host:port");
    }
    int port = Integer.parseInt(udp.substring(colon + 1));
    return new InetSocketAddress(udp.substring(0, colon), port);
  }

  /** Begins the trace of the current invocation; empty if it is not sampled. */
  public Optional<Trace> begin() {
    return daemon.flatMap(
        d -> header.get().flatMap(TraceHeader::sampled).map(h -> new Trace(d, h, database)));
  }
}

package dev.pulso.observe;

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

  private final Optional<Daemon> daemon;
  private final String database;
  private final Supplier<Optional<String>> header;

  private Tracer(Optional<Daemon> daemon, String database, Supplier<Optional<String>> header) {
    this.daemon = daemon;
    this.database = database;
    this.header = header;
  }

  /**
   * The tracer that is set.
   *
   * @param database what the database is called in traces
   */
  public static Tracer of(TraceSettings settings, String database) {
    return of(settings, database, () -> Optional.ofNullable(System.getProperty(HEADER)));
  }

  static Tracer of(TraceSettings settings, String database, Supplier<Optional<String>> header) {
    return settings
        .daemon()
        .map(address -> new Tracer(Optional.of(new Daemon(address)), database, header))
        .orElse(OFF);
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

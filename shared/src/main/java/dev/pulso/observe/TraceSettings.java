package dev.pulso.observe;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Whether and where to trace.
 *
 * @param daemon the X-Ray daemon that takes traces; empty: nothing is traced
 */
public record TraceSettings(Optional<InetSocketAddress> daemon) {
  /** No traces. */
  public static final TraceSettings OFF = new TraceSettings(Optional.empty());

  private static final String UDP = "udp:";

  /**
   * Traces to a daemon.
   *
   * @param address {@code host:port}, or {@code tcp:host:port udp:host:port}
   * @throws IllegalArgumentException when it is no address
   */
  public static TraceSettings to(String address) {
    String udp = address.strip();
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
    return new TraceSettings(Optional.of(new InetSocketAddress(udp.substring(0, colon), port)));
  }
}

package dev.pulso.trace;

/**
 * Whether and where to trace.
 *
 * @param isOn whether traces are written at all
 * @param daemon where the X-Ray daemon takes them: {@code host:port}, or {@code tcp:host:port
 *     udp:host:port}
 */
public record TraceSettings(boolean isOn, String daemon) {
  /** No traces. */
  public static final TraceSettings OFF = new TraceSettings(false, "");
}

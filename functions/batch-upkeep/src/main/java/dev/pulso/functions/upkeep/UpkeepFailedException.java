package dev.pulso.functions.upkeep;

/**
 * Thrown when a run failed. Without its cause, which the runtime would write to the log with all
 * that the driver says of hosts and documents; what is known stands in the log line before.
 */
public final class UpkeepFailedException extends RuntimeException {
  UpkeepFailedException() {
    super("The run of upkeep failed; the next one takes up what is left.");
  }
}

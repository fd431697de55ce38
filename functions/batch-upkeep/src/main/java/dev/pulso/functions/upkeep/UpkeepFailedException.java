package dev.pulso.functions.upkeep;

/**
 * Thrown when a run failed. It has no cause: the runtime would log the driver's messages, which
 * contain hosts and documents. The log line before it has the details.
 */
public final class UpkeepFailedException extends RuntimeException {
  UpkeepFailedException() {
    super("The upkeep run failed. The next run continues the work.");
  }
}

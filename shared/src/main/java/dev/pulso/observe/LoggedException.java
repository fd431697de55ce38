package dev.pulso.observe;

/**
 * Thrown in place of a failure that is in the log. It has no cause: Lambda's runtime would log the
 * driver's messages, which contain hosts and documents.
 */
public final class LoggedException extends RuntimeException {
  public LoggedException() {
    super("It failed. The log lines before this one say how.");
  }
}

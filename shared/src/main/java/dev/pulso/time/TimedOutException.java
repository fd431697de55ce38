package dev.pulso.time;

/** Thrown when work could not be finished within the time that the caller waits. */
public final class TimedOutException extends RuntimeException {
  public TimedOutException() {
    super("The answer took longer than a caller waits.");
  }
}

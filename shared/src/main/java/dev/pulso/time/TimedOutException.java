package dev.pulso.time;

/** Thrown when work does not finish by the caller's deadline. */
public final class TimedOutException extends RuntimeException {
  public TimedOutException() {
    super("The work did not finish by its deadline.");
  }
}

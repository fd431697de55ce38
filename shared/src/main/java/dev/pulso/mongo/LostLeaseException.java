package dev.pulso.mongo;

/** Thrown when a lease has run out, and another process may have taken it. */
public final class LostLeaseException extends RuntimeException {
  public LostLeaseException() {
    super("The lease ran out, and another process may hold it.");
  }
}

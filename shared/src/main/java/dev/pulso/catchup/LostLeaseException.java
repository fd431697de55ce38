package dev.pulso.catchup;

/** Thrown when a lease has run out, and somebody else goes on with the work. */
final class LostLeaseException extends RuntimeException {
  LostLeaseException() {
    super("The lease on counting ran out, and another run goes on.");
  }
}

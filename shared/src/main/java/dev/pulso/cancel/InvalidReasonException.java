package dev.pulso.cancel;

/** Thrown when the reason of a cancel is invalid; the message says why. */
public final class InvalidReasonException extends RuntimeException {
  InvalidReasonException(String rule) {
    super(rule);
  }
}

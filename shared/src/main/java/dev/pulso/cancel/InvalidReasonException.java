package dev.pulso.cancel;

/** Thrown when a text can't be the reason of a cancel; says why. */
public final class InvalidReasonException extends RuntimeException {
  InvalidReasonException(String rule) {
    super(rule);
  }
}

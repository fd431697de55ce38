package dev.pulso.access;

/** Thrown when a caller asks for an account that is not the caller's. */
public final class ForeignAccountException extends RuntimeException {
  public ForeignAccountException() {
    super("You are not allowed to see this account.");
  }
}

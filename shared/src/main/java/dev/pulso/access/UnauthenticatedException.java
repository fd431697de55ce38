package dev.pulso.access;

/** Thrown when nothing verified says who calls, and anonymous callers are not allowed. */
public final class UnauthenticatedException extends RuntimeException {
  public UnauthenticatedException() {
    super("Sign in first: this needs a valid bearer token.");
  }
}

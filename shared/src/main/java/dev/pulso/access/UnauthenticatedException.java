package dev.pulso.access;

/** Thrown when a request has no verified claims and anonymous callers are not allowed. */
public final class UnauthenticatedException extends RuntimeException {
  public UnauthenticatedException() {
    super("A valid bearer token is required.");
  }
}

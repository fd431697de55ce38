package dev.pulso.access;

/** Thrown when a request has no verified claims and anonymous callers are not allowed. */
public final class UnauthenticatedException extends RuntimeException {
  public UnauthenticatedException() {
    this("A valid bearer token is required.");
  }

  /** For callers who do not send their token each time. */
  public UnauthenticatedException(String detail) {
    super(detail);
  }
}

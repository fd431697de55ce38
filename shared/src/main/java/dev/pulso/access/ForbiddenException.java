package dev.pulso.access;

/** Thrown when a known caller lacks the required scope. */
public final class ForbiddenException extends RuntimeException {
  public ForbiddenException() {
    super("You are not allowed to do this.");
  }
}

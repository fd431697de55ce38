package dev.pulso.access;

/** Thrown when a caller is known, but lacks the scope for what was asked. */
public final class ForbiddenException extends RuntimeException {
  public ForbiddenException() {
    super("You are not allowed to do this.");
  }
}

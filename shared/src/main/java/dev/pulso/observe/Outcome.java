package dev.pulso.observe;

import java.util.Locale;

/** How a request, or a run, ended. */
public enum Outcome {
  OK,
  ACCEPTED,
  NOT_MODIFIED,
  CLIENT_ERROR,
  DENIED,
  NOT_FOUND,
  RATE_LIMITED,
  UNAVAILABLE,
  ERROR;

  /** What an HTTP status says. */
  public static Outcome of(int status) {
    return switch (status) {
      case 202 -> ACCEPTED;
      case 304 -> NOT_MODIFIED;
      case 401, 403 -> DENIED;
      case 404 -> NOT_FOUND;
      case 429 -> RATE_LIMITED;
      case 503 -> UNAVAILABLE;
      default -> status >= 500 ? ERROR : status >= 400 ? CLIENT_ERROR : OK;
    };
  }

  /** As log lines have it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is our failure. */
  public boolean isFailure() {
    return this == UNAVAILABLE || this == ERROR;
  }

  /** Whether it is the caller's, but for asking too often. */
  public boolean isClientError() {
    return this == CLIENT_ERROR || this == DENIED || this == NOT_FOUND;
  }
}

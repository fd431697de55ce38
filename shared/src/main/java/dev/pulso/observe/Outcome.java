package dev.pulso.observe;

import java.util.Locale;

/** The outcome of a request or run. */
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

  /** Returns the outcome of an HTTP status. */
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

  /** Returns the name in log lines. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether the fault is on our side. */
  public boolean isFailure() {
    return this == UNAVAILABLE || this == ERROR;
  }

  /** Returns whether the fault is the caller's, other than the rate limit. */
  public boolean isClientError() {
    return this == CLIENT_ERROR || this == DENIED || this == NOT_FOUND;
  }
}

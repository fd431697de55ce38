package dev.pulso.local.server.http;

/** Thrown when a request has no valid token. */
public final class UnauthorizedException extends Exception {
  private final String challenge;

  private UnauthorizedException(String message, String challenge) {
    super(message);
    this.challenge = challenge;
  }

  /** Returns the exception for a missing token. */
  public static UnauthorizedException withoutToken() {
    return new UnauthorizedException("the token is missing", "Bearer");
  }

  /**
   * Returns the exception for an invalid token.
   *
   * @param why for the caller; without quotes
   */
  public static UnauthorizedException invalidToken(String why) {
    return new UnauthorizedException(
        why, "Bearer error=\"invalid_token\", error_description=\"" + why + "\"");
  }

  /** Returns the value of {@code WWW-Authenticate} (RFC 6750). */
  public String challenge() {
    return challenge;
  }
}

package dev.pulso.local.server.http;

/** Thrown when a request has no token, or none that holds. */
public final class UnauthorizedException extends Exception {
  private final String challenge;

  private UnauthorizedException(String message, String challenge) {
    super(message);
    this.challenge = challenge;
  }

  /** There is no token. */
  public static UnauthorizedException withoutToken() {
    return new UnauthorizedException("there is no token", "Bearer");
  }

  /**
   * There is one that does not hold.
   *
   * @param why for the caller; without quotes
   */
  public static UnauthorizedException invalidToken(String why) {
    return new UnauthorizedException(
        why, "Bearer error=\"invalid_token\", error_description=\"" + why + "\"");
  }

  /** The value of {@code WWW-Authenticate}, by RFC 6750. */
  public String challenge() {
    return challenge;
  }
}

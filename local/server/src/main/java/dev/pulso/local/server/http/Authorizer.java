package dev.pulso.local.server.http;

import java.util.Map;
import java.util.Optional;

/** Decides whether a request reaches its function, like an authorizer of API Gateway. */
@FunctionalInterface
public interface Authorizer {
  /** Admits every request, without claims. */
  Authorizer OPEN = authorization -> Optional.empty();

  /**
   * Returns the caller's claims for the function.
   *
   * @param authorization the header {@code Authorization}, repeated ones joined by commas
   * @return the claims of the token, all values strings; empty if no token is required
   * @throws UnauthorizedException when the request is rejected
   */
  Optional<Map<String, String>> claims(Optional<String> authorization) throws UnauthorizedException;
}

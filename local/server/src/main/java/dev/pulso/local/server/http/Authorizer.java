package dev.pulso.local.server.http;

import java.util.Map;
import java.util.Optional;

/** Decides whether a request reaches its function, as an authorizer of API Gateway does. */
@FunctionalInterface
public interface Authorizer {
  /** Lets everybody through, and tells functions nothing about anybody. */
  Authorizer OPEN = authorization -> Optional.empty();

  /**
   * What functions are told about who calls.
   *
   * @param authorization the header {@code Authorization}, several of them joined by commas
   * @return the claims of a token, each as a string; empty where nobody asks for a token
   * @throws UnauthorizedException when the request goes no further
   */
  Optional<Map<String, String>> claims(Optional<String> authorization) throws UnauthorizedException;
}

package dev.pulso.local.server.http;

import dev.pulso.access.UnauthenticatedException;
import dev.pulso.http.Problem;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;

/** The problems that the server itself answers with. */
final class EdgeProblems {
  static final Problem MALFORMED_ENCODING =
      malformed(400, "The URL is not valid percent-encoded UTF-8.");
  static final Problem NOT_FOUND =
      Problem.of(404, "NOT_FOUND", "Not found", "No resource exists at this address.");
  static final Problem BODY_TOO_SLOW =
      Problem.of(
          408, "REQUEST_TIMEOUT", "Request timeout", "The request body did not arrive in time.");
  static final Problem BODY_TOO_LARGE =
      Problem.of(
          413, "BODY_TOO_LARGE", "Body too large", "The request body must have at most 64 KB.");
  static final Problem INTERNAL_ERROR =
      Problem.of(500, "INTERNAL_ERROR", "Internal error", "Internal error. Try again later.");
  static final Problem TIMED_OUT =
      new Problem(
          503,
          "GATEWAY_TIMEOUT",
          "Service unavailable",
          "The request took too long.",
          Map.of("Retry-After", "2"));

  private EdgeProblems() {}

  /** Returns the same problem as a function without claims. */
  static Problem unauthenticated(UnauthorizedException refusal) {
    return new Problem(
        401,
        "UNAUTHENTICATED",
        "Unauthenticated",
        new UnauthenticatedException().getMessage(),
        Map.of("WWW-Authenticate", refusal.challenge()));
  }

  /** Returns the problem of a request that names a host which is not this one. */
  static Problem otherHost(String host) {
    return Problem.of(
        421,
        "UNKNOWN_HOST",
        "Unknown host",
        "This server does not answer to the name %s. Use localhost, or start it with --host."
            .formatted(host));
  }

  /** Returns the problem of a request that Jetty rejects. */
  static Problem ofStatus(int status) {
    return switch (status) {
      case HttpStatus.NOT_FOUND_404 -> NOT_FOUND;
      case HttpStatus.REQUEST_TIMEOUT_408 -> BODY_TOO_SLOW;
      case HttpStatus.PAYLOAD_TOO_LARGE_413 -> BODY_TOO_LARGE;
      case HttpStatus.URI_TOO_LONG_414 ->
          Problem.of(status, "URI_TOO_LONG", "URI too long", "The URL is too long.");
      case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
          Problem.of(
              status, "HEADERS_TOO_LARGE", "Headers too large", "The headers are too large.");
      case HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505 ->
          Problem.of(
              status,
              "HTTP_VERSION_NOT_SUPPORTED",
              "HTTP version not supported",
              "This server supports HTTP/1.1 only.");
      default ->
          status >= 400 && status < 500
              ? malformed(status, "The request is not valid HTTP.")
              : INTERNAL_ERROR;
    };
  }

  private static Problem malformed(int status, String detail) {
    return Problem.of(status, "MALFORMED_REQUEST", "Bad request", detail);
  }
}

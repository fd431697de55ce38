package dev.pulso.local.server.http;

import java.nio.charset.StandardCharsets;

/**
 * An answer of the server itself, as a problem document (RFC 9457).
 *
 * @param status the HTTP status
 * @param code what a program tells it by, in upper snake case
 * @param title the kind of problem
 * @param detail a sentence about this one; plain text of ours, nothing from a request
 */
record Problem(int status, String code, String title, String detail) {
  static final String CONTENT_TYPE = "application/problem+json";

  static final Problem MALFORMED_ENCODING =
      new Problem(
          400, "MALFORMED_REQUEST", "Malformed request", "The URL is not percent-encoded UTF-8.");
  static final Problem NOT_FOUND =
      new Problem(404, "NOT_FOUND", "Not found", "There is nothing at this path.");
  static final Problem BODY_TOO_SLOW =
      new Problem(408, "REQUEST_TIMEOUT", "Request timeout", "The body took too long to arrive.");
  static final Problem BODY_TOO_LARGE =
      new Problem(
          413, "BODY_TOO_LARGE", "Body too large", "A request body may hold at most 1 MiB.");
  static final Problem INTERNAL_ERROR =
      new Problem(500, "INTERNAL_ERROR", "Internal error", "Something went wrong on our side.");
  static final Problem TIMED_OUT =
      new Problem(
          503,
          "GATEWAY_TIMEOUT",
          "Service unavailable",
          "The request took longer than it may and was ended.");

  /** What Jetty refuses before a function sees it. */
  static Problem ofStatus(int status) {
    return switch (status) {
      case 404 -> NOT_FOUND;
      case 408 -> BODY_TOO_SLOW;
      case 413 -> BODY_TOO_LARGE;
      case 414 -> new Problem(414, "URI_TOO_LONG", "URI too long", "The URL is too long.");
      case 417 ->
          new Problem(
              417, "EXPECTATION_FAILED", "Expectation failed", "That expectation is not met.");
      case 426 -> new Problem(426, "UPGRADE_REQUIRED", "Upgrade required", "Use HTTP/1.1.");
      case 431 ->
          new Problem(431, "HEADERS_TOO_LARGE", "Headers too large", "The headers are too large.");
      case 501 ->
          new Problem(501, "NOT_IMPLEMENTED", "Not implemented", "That is not implemented.");
      case 503 -> TIMED_OUT;
      case 505 ->
          new Problem(
              505, "HTTP_VERSION_NOT_SUPPORTED", "HTTP version not supported", "Use HTTP/1.1.");
      default ->
          status >= 400 && status < 500
              ? new Problem(
                  status,
                  "MALFORMED_REQUEST",
                  "Malformed request",
                  "The request is not well-formed HTTP.")
              : INTERNAL_ERROR;
    };
  }

  byte[] json() {
    String json =
        """
        {"type":"about:blank","title":"%s","status":%d,"detail":"%s","code":"%s","message":"%s"}\
        """
            .formatted(title, status, detail, code, detail);
    return json.getBytes(StandardCharsets.UTF_8);
  }
}

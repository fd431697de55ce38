package dev.pulso.local.server.http;

/** Thrown when a URL contains an invalid percent escape, or bytes that are not UTF-8. */
final class MalformedEncodingException extends Exception {
  MalformedEncodingException(String message) {
    super(message);
  }
}

package dev.pulso.local.server.http;

/** Thrown when a URL holds a percent sign that begins no byte, or bytes that are not UTF-8. */
final class MalformedEncodingException extends Exception {
  MalformedEncodingException(String message) {
    super(message);
  }
}

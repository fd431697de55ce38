package dev.pulso.http;

/** Thrown when a request's body is not of the media type that its route reads. */
final class UnsupportedMediaTypeException extends RuntimeException {
  UnsupportedMediaTypeException() {
    super("The body must be JSON, with the header Content-Type: application/json.");
  }
}

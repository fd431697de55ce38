package dev.pulso.http;

/** Thrown when a part of a request is too long. */
final class TooLargeException extends RuntimeException {
  private final transient Problem problem;

  private TooLargeException(Problem problem) {
    super(problem.code());
    this.problem = problem;
  }

  static TooLargeException body() {
    return new TooLargeException(
        Problem.of(
            413, "BODY_TOO_LARGE", "Body too large", "The request body must have at most 64 KB."));
  }

  static TooLargeException address() {
    return new TooLargeException(
        Problem.of(414, "URI_TOO_LONG", "URI too long", "The address is too long."));
  }

  static TooLargeException headers() {
    return new TooLargeException(
        Problem.of(
            431, "HEADERS_TOO_LARGE", "Headers too large", "A header of the request is too long."));
  }

  Problem problem() {
    return problem;
  }
}

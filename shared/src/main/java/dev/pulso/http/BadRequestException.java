package dev.pulso.http;

/** Thrown when a request can't be understood; the caller is told why. */
public final class BadRequestException extends RuntimeException {
  private final String code;

  /**
   * @param code stable name of the problem, upper snake case
   * @param detail what is wrong, for people; nothing of what the caller sent
   */
  public BadRequestException(String code, String detail) {
    super(detail);
    this.code = code;
  }

  Problem problem() {
    return Problem.of(400, code, "Bad request", getMessage());
  }
}

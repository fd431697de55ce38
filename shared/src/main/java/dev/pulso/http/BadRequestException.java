package dev.pulso.http;

/** Thrown when a request is invalid. The client receives the message. */
public final class BadRequestException extends RuntimeException {
  private final String code;

  /**
   * @param code stable name of the problem, upper snake case
   * @param detail what is wrong and what to do; never contains input
   */
  public BadRequestException(String code, String detail) {
    super(detail);
    this.code = code;
  }

  Problem problem() {
    return Problem.of(400, code, "Bad request", getMessage());
  }
}

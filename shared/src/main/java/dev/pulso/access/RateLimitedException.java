package dev.pulso.access;

/** Thrown when a caller exceeds the rate limit; says when to retry. */
public final class RateLimitedException extends RuntimeException {
  private final transient Admission refusal;

  public RateLimitedException(Admission refusal) {
    super("This batch is polled too often. Wait for the time in Retry-After.", null, false, false);
    this.refusal = refusal;
  }

  /** Returns the limiter's decision. */
  public Admission refusal() {
    return refusal;
  }
}

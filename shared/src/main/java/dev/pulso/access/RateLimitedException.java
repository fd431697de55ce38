package dev.pulso.access;

/** Thrown when somebody asks more often than agreed; says when to ask again. */
public final class RateLimitedException extends RuntimeException {
  private final transient Admission refusal;

  public RateLimitedException(Admission refusal) {
    super("You ask too often. Please wait a moment.", null, false, false);
    this.refusal = refusal;
  }

  /** What the limiter said. */
  public Admission refusal() {
    return refusal;
  }
}

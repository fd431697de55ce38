package dev.pulso.observe;

/** Where measurements go. Called by every thread that answers requests. */
@FunctionalInterface
public interface Sink {
  /** Takes one, at once and without failing: an answer waits for it. */
  void take(Measured measured);

  /** This, and then another. */
  default Sink and(Sink other) {
    return measured -> {
      take(measured);
      other.take(measured);
    };
  }
}

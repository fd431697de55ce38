package dev.pulso.cancel;

/** What became of a wish to pause or resume a batch. */
public enum PauseOutcome {
  /** The batch is as wished, now or already before. */
  DONE,
  /** A cancelled batch stays cancelled. */
  CANCELLED
}

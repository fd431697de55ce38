package dev.pulso.cancel;

/** The result of a pause or resume request. */
public enum PauseOutcome {
  /** The batch has the requested state, now or already before. */
  DONE,
  /** A cancelled batch stays cancelled. */
  CANCELLED
}

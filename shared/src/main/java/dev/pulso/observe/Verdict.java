package dev.pulso.observe;

/** How an invocation ended, in X-Ray's words. */
public enum Verdict {
  /** Well. */
  OK,
  /** The caller's mistake. */
  ERROR,
  /** The caller asked too often. */
  THROTTLE,
  /** Our failure. */
  FAULT
}

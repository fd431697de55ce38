package dev.pulso.push;

/**
 * What was last sent for a subscription.
 *
 * @param digest of the content; for a list the sequence number of the last row
 * @param state of the batch; empty for other kinds
 * @param atNanos when, on this process's monotonic clock
 */
record Sent(long digest, String state, long atNanos) {
  private static final long REFUSED = -1;

  Sent(long digest, String state) {
    this(digest, state, System.nanoTime());
  }

  /** Returns what a client knows that was told that it may not see what it subscribed to. */
  static Sent refusal() {
    return new Sent(REFUSED, "");
  }

  boolean isRefusal() {
    return digest == REFUSED;
  }

  boolean isOlderThan(long nanos) {
    return System.nanoTime() - atNanos >= nanos;
  }
}

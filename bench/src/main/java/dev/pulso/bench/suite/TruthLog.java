package dev.pulso.bench.suite;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The true number of finished jobs of one batch over time. It only grows, so the time of the next
 * finished job tells the age of an answer that lacks it.
 */
final class TruthLog {
  private final AtomicLongArray finishedAt;
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong finished = new AtomicLong();

  /**
   * @param most maximum number of finished jobs
   */
  TruthLog(int most) {
    this.finishedAt = new AtomicLongArray(most + 1);
  }

  /** Notes that a change is being sent. */
  void beginChange() {
    begun.incrementAndGet();
  }

  /** Notes that the database acknowledged it; called in order. */
  void endChange() {
    finishedAt.set((int) finished.incrementAndGet(), System.nanoTime());
  }

  /**
   * Returns the staleness of an answer.
   *
   * @param known number of finished jobs in the answer
   * @param answeredAt time of the answer
   * @return age in ns of the oldest missing change; 0 if none is missing
   * @throws IllegalStateException when the answer contains more finished jobs than exist
   */
  long staleness(long known, long answeredAt) {
    if (known > begun.get()) {
      throw new IllegalStateException("an answer contains more finished jobs than exist");
    }
    if (known >= finished.get()) {
      return 0;
    }
    return Math.max(0, answeredAt - finishedAt.get((int) known + 1));
  }
}

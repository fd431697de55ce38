package dev.pulso.bench.suite;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What is true of one batch and since when: its finished jobs only grow, so the moment at which the
 * next job was finished tells how old an answer is that does not know of it.
 */
final class TruthLog {
  private final AtomicLongArray finishedAt;
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong finished = new AtomicLong();

  /**
   * @param most how many jobs may be finished
   */
  TruthLog(int most) {
    this.finishedAt = new AtomicLongArray(most + 1);
  }

  /** A change is on its way to the database. */
  void beginChange() {
    begun.incrementAndGet();
  }

  /** The database has acknowledged it; called in order. */
  void endChange() {
    finishedAt.set((int) finished.incrementAndGet(), System.nanoTime());
  }

  /**
   * How old an answer was.
   *
   * @param known how many finished jobs the answer knows of
   * @param answeredAt when it came
   * @return the age in ns of the oldest change that it does not know of; 0: it knows of all
   * @throws IllegalStateException when it knows of more than there are
   */
  long staleness(long known, long answeredAt) {
    if (known > begun.get()) {
      throw new IllegalStateException("an answer knows of more finished jobs than there are");
    }
    if (known >= finished.get()) {
      return 0;
    }
    return Math.max(0, answeredAt - finishedAt.get((int) known + 1));
  }
}

package dev.pulso.batch;

/**
 * A batch and its counters.
 *
 * @param counters its own, or newer ones
 */
public record Counted(Batch batch, Counters counters) {
  /** Returns a batch with the counters that it has. */
  public static Counted of(Batch batch) {
    return new Counted(batch, batch.counters());
  }

  /** Returns its state by these counters. */
  public BatchState state() {
    return BatchState.of(batch, counters);
  }
}

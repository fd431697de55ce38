package dev.pulso.operations;

import dev.pulso.batch.Batch;
import java.util.List;

/** The result of a request to change many batches. */
public sealed interface OperationOutcome {

  /**
   * What the operation would do; nothing was changed.
   *
   * @param batches how many it would change
   * @param jobs how many of their jobs wait
   * @param unchanged how many of the selected it would leave as they are
   * @param examples some that it would change
   */
  record Preview(int batches, long jobs, int unchanged, List<Batch> examples)
      implements OperationOutcome {}

  /**
   * The operation is stored, so it will be carried through.
   *
   * @param batches how many it changes
   */
  record Accepted(String operationId, int batches) implements OperationOutcome {}

  /** The operation would change another number of batches than expected. Nothing was changed. */
  record SelectionChanged(int batches) implements OperationOutcome {}

  /** More batches are selected than one operation may have. Nothing was changed. */
  record TooManyBatches(long batches) implements OperationOutcome {}
}

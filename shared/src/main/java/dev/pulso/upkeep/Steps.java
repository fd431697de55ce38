package dev.pulso.upkeep;

import com.mongodb.MongoException;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.observe.Log;
import dev.pulso.time.Deadline;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The steps of one run. Each has its own deadline, and a failure of one does not stop the others.
 */
final class Steps {
  private final Deadline deadline;
  private final Set<String> failed = new LinkedHashSet<>();

  Steps(Deadline deadline) {
    this.deadline = deadline;
  }

  /** A step of a run. */
  interface Step<T> {
    /**
     * Runs the step.
     *
     * @param each runs parts that may fail alone
     */
    T run(Deadline deadline, Each each);
  }

  /**
   * Runs the parts of a step. If one fails, the step counts as failed, and the other parts still
   * run.
   */
  interface Each {
    /** Returns the result of the work; false when it fails or exceeds the deadline. */
    boolean isDone(BooleanSupplier work);
  }

  /**
   * Runs a step.
   *
   * @param percent maximum share of the remaining time
   * @param otherwise the result if the step fails
   */
  <T> T run(String name, int percent, Step<T> step, T otherwise) {
    try {
      return step.run(deadline.share(percent), work -> isDone(name, work));
    } catch (RuntimeException e) {
      fail(name, e);
      return otherwise;
    }
  }

  List<String> failed() {
    return List.copyOf(failed);
  }

  private boolean isDone(String name, BooleanSupplier work) {
    try {
      return work.getAsBoolean();
    } catch (RuntimeException e) {
      if (!(e instanceof MongoException failure && ServerErrors.isTimeout(failure))) {
        fail(name, e);
      }
      return false;
    }
  }

  /** Logs only the first failure of a step: the others are probably the same. */
  private void fail(String name, RuntimeException e) {
    if (Thread.currentThread().isInterrupted()
        || (e instanceof MongoException failure && ServerErrors.isUnauthenticated(failure))) {
      throw e;
    }
    if (failed.add(name)) {
      Log.error(
          "upkeep_step_failed",
          json ->
              json.text("step", name)
                  .text("code", "UPKEEP_STEP_FAILED")
                  .text("failure", Log.describe(e)));
    }
  }
}

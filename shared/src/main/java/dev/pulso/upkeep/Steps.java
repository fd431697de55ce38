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
 * The steps of one run. Each has its own deadline, and one that fails keeps none of the others from
 * running.
 */
final class Steps {
  private final Deadline deadline;
  private final Set<String> failed = new LinkedHashSet<>();

  Steps(Deadline deadline) {
    this.deadline = deadline;
  }

  /** One step. */
  interface Step<T> {
    /**
     * Runs it.
     *
     * @param each for parts that may fail alone
     */
    T run(Deadline deadline, Each each);
  }

  /** Does the parts of a step: one that fails makes the step a failed one, and the rest goes on. */
  interface Each {
    /** Returns what the work returns; false when it fails, or takes too long. */
    boolean isDone(BooleanSupplier work);
  }

  /**
   * Runs a step.
   *
   * @param percent what it may take at most of the time that is left
   * @param otherwise what it returns when it fails
   */
  <T> T run(String name, int percent, Step<T> step, T otherwise) {
    try {
      return step.run(deadline.share(percent), work -> isDone(name, work));
    } catch (RuntimeException e) {
      fail(name, e);
      return otherwise;
    }
  }

  /** The names of the steps that failed. */
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

  /** Logs the first failure of a step: the others are likely to be the same. */
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

package dev.pulso.upkeep;

import dev.pulso.operations.OperationRun;
import dev.pulso.time.Deadline;
import java.util.List;
import org.bson.types.ObjectId;

/** Carries on operations on many batches that no request finished, the oldest first. */
final class UnfinishedOperations {
  private static final int MOST = 100;

  private final OperationRun run;

  UnfinishedOperations(OperationRun run) {
    this.run = run;
  }

  /**
   * Carries each on, with its share of the time.
   *
   * @return how many there were
   */
  int carryOn(Deadline deadline, Steps.Each each) {
    List<ObjectId> unfinished = run.unfinished(MOST);
    int parts = unfinished.size();
    for (ObjectId id : unfinished) {
      Deadline part = deadline.orIn(deadline.remaining().dividedBy(parts--));
      each.isDone(
          () -> {
            run.carryOn(id, part);
            return true;
          });
    }
    return unfinished.size();
  }
}

package dev.pulso.upkeep;

import static com.mongodb.client.model.Filters.exists;

import com.mongodb.MongoException;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.cancel.Fence;
import dev.pulso.observe.Log;
import dev.pulso.time.Deadline;
import java.util.Optional;

/** Delivers audit entries that dead processes left in batches. */
final class LeftOutboxes {
  private static final int PAGE = 1_000;

  private final Batches batches;
  private final Fence fence;

  LeftOutboxes(Batches batches, Fence fence) {
    this.batches = batches;
    this.fence = fence;
  }

  /**
   * Delivers one page of them; a batch that can't be written keeps no other one waiting.
   *
   * @return of how many batches
   */
  int deliver(Deadline deadline) {
    int delivered = 0;
    for (Batch batch : batches.findSome(exists(BatchFields.OUTBOX_ID), PAGE)) {
      if (deadline.passed()) {
        break;
      }
      try {
        fence.deliver(batch);
        delivered++;
      } catch (MongoException e) {
        Log.failure("upkeep", Optional.empty(), "OUTBOX_LEFT", e);
      }
    }
    return delivered;
  }
}

package dev.pulso.upkeep;

import static com.mongodb.client.model.Filters.exists;

import dev.pulso.access.Accounts;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.mongo.Db;
import dev.pulso.time.Deadline;
import java.util.List;
import org.bson.Document;

/** Delivers audit entries that dead processes left in batches. */
final class LeftOutboxes {
  private final Db db;
  private final Pager pager;
  private final Batches batches;
  private final CancellationMarkers markers;

  LeftOutboxes(Db db, Pager pager, Batches batches, CancellationMarkers markers) {
    this.db = db;
    this.pager = pager;
    this.batches = batches;
    this.markers = markers;
  }

  /**
   * Delivers one page of them; a batch that cannot be written does not stop the others.
   *
   * @return number of batches
   */
  int deliver(Deadline deadline, Steps.Each each) {
    Pager.Walk left = new Pager.Walk("left_outboxes", db.batches(), exists(BatchFields.OUTBOX_ID));
    return pager.goOn(left, 1, deadline, page -> deliver(page, deadline, each));
  }

  private int deliver(List<Document> page, Deadline deadline, Steps.Each each) {
    int delivered = 0;
    for (Document batch : page) {
      Object id = batch.get(BatchFields.ID);
      boolean isDone =
          !deadline.passed()
              && each.isDone(
                  () -> batches.find(Accounts.ALL, id).map(markers::deliver).isPresent());
      delivered += isDone ? 1 : 0;
    }
    return delivered;
  }
}

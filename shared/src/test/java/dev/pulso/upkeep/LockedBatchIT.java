package dev.pulso.upkeep;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import dev.pulso.fixture.PulsoFixture;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Another program's transaction locks batches. The server keeps the locks of a dead client for a
 * minute.
 */
@Order(2)
class LockedBatchIT {
  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  @Test
  void lockedBatchStopsNothingElse() {
    fixture.batches(
        batch("locked"), batch("late"), cancelled("a-locked-cancel"), cancelled("open"));
    fixture.jobs(jobs(3, "locked", "pending"));
    fixture.jobs(jobs(3, "late", "pending"));
    fixture.jobs(jobs(2, "a-locked-cancel", "pending"));
    fixture.jobs(jobs(2, "open", "pending"));
    try (ClientSession dead = fixture.db().client().startSession()) {
      dead.startTransaction();
      lock(dead, "locked");
      lock(dead, "a-locked-cancel");
      List<UpkeepReport> reports = fixture.upkeepUntil(UpkeepReport::cancelsFinished, 1);
      assertThat(reports.getLast().cancelsOpen()).isEqualTo(1);
      assertThat(fixture.waiting("open")).isZero();
      dead.abortTransaction();
    }
    fixture
        .db()
        .counterSnapshots()
        .updateMany(new Document(), Document.parse("{$unset: {lease_until: 1}}"));
    fixture
        .db()
        .progress()
        .updateMany(new Document(), Document.parse("{$unset: {lease_until: 1}}"));
    Document counted = Document.parse("{batch_id: {$in: ['locked', 'late']}, total_jobs: 3}");
    fixture.upkeepUntil(
        () ->
            fixture.waiting("a-locked-cancel") == 0
                && fixture.db().batches().countDocuments(counted) == 2);
  }

  private static Document cancelled(String id) {
    return batch(id)
        .append("is_active", false)
        .append("cancelled_at", new java.util.Date())
        .append("pulso", new Document("cancel", new Document("open", true)));
  }

  private void lock(ClientSession session, String id) {
    fixture
        .db()
        .batches()
        .updateOne(session, new Document("batch_id", id), Document.parse("{$set: {dialer: 1}}"));
  }
}

package dev.pulso.cancel;

import com.mongodb.client.model.Sorts;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;

/** A database with batches, and what tests of cancels do and read there. */
abstract class CancelWorld {
  static final Origin ORIGIN =
      new Origin(Optional.of("ana"), Optional.of("192.0.2.1"), Optional.of("r-1"));

  @AutoClose final PulsoFixture fixture = PulsoFixture.open();

  CancelOutcome cancel(String id, String reason) {
    return cancel(fixture.pulso(), id, reason, soon());
  }

  static CancelOutcome cancel(Pulso process, String id, String reason, Deadline deadline) {
    return process
        .services()
        .cancel()
        .cancel(
            Caller.ANONYMOUS, new BatchAddress(id), Optional.ofNullable(reason), ORIGIN, deadline);
  }

  long upkeep() {
    return fixture.pulso().runUpkeep(Duration.ofSeconds(20)).markersRestored();
  }

  static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  Document stored(String id) {
    return fixture.stored(id);
  }

  List<Document> audit() {
    return fixture.db().auditLog().find().sort(Sorts.ascending("at")).into(new ArrayList<>());
  }

  List<Object> reasonsOfJobs(String id) {
    return fixture
        .db()
        .jobs()
        .find(new Document("batch_id", id))
        .map(job -> job.get("cancellation_reason"))
        .into(new ArrayList<>());
  }
}

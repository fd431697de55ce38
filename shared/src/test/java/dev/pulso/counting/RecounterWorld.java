package dev.pulso.counting;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;

import com.mongodb.client.model.Filters;
import dev.pulso.access.Accounts;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.Batches;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.fixture.Recounts;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/** A batch with five pending jobs, its recounter, and what is stored of it. */
abstract class RecounterWorld {
  static final JobGroup GROUP = JobGroup.of("b");
  static final Duration PATIENCE = Duration.ofSeconds(30);

  @AutoClose final PulsoFixture fixture = PulsoFixture.open();
  final Deadline soon = Deadline.in(Duration.ofMinutes(2));
  final Recounts recounts = new Recounts(fixture.db());
  final Recounter recounter = recounts.recounter();

  @BeforeEach
  void upload() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(5, "b", "pending"));
  }

  void recount() {
    recounts.recount("b");
  }

  /** Takes the lease on the refresh. On a busy server, one try may come too late. */
  static Lease<RefreshProgress> leased(RefreshProgress.Store progress) {
    return Eventually.answer(
            PATIENCE,
            () -> ServerErrors.inTime(progress::lease, Optional.<Lease<RefreshProgress>>empty()),
            Optional::isPresent)
        .orElseThrow();
  }

  Document snapshot() {
    return fixture.db().counterSnapshots().find(Filters.eq("_id", GROUP.key())).first();
  }

  Document stored() {
    return fixture.stored("b");
  }

  Batch counted() {
    return counted("b");
  }

  Batch counted(String batchId) {
    return new Batches(fixture.db()).find(Accounts.ALL, new BatchAddress(batchId)).orElseThrow();
  }
}

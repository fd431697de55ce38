package dev.pulso.counting;

import static dev.pulso.fixture.Builders.batch;

import com.mongodb.client.model.UpdateOptions;
import dev.pulso.Pulso;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.mongo.Lenient;
import dev.pulso.overview.Overview;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Random;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/** Ten batches, counted and summed, and what tests do to batches and sums. */
abstract class ActiveSumsWorld {
  static final long SEED = 20_251_126;
  static final int FEW = 5;
  static final Duration LONG = Duration.ofSeconds(20);
  static final Document COUNTING = new Document("_id", "counting");

  @AutoClose final PulsoFixture fixture = PulsoFixture.open();
  final Random random = new Random(SEED);
  int made;

  @BeforeEach
  void count() {
    for (int i = 0; i < 10; i++) {
      insert();
    }
    fixture.pulso().runUpkeep(LONG);
    // As in a large installation: overviews look at nothing but what is stored.
    Date later = Date.from(fixture.db().now().plus(Duration.ofHours(1)));
    Document look =
        new Document("looks.UTC.cost_ms", 10_000L)
            .append("looks.UTC.due_at", later)
            .append("looks.UTC.looked_at", later);
    fixture.db().progress().updateOne(COUNTING, new Document("$set", look));
    refresh(fixture.pulso());
  }

  void writeSnapshot(String batchId, long openSeq) {
    fixture
        .db()
        .counterSnapshots()
        .updateOne(
            new Document("_id", JobGroup.of(batchId).key()),
            new Document("$set", new Document("open_seq", openSeq)),
            new UpdateOptions().upsert(true));
  }

  void insert() {
    String id = "b" + made++;
    fixture.batches(
        batch(id)
            .append("account_id", "acc-" + random.nextInt(3))
            .append("is_active", random.nextInt(4) > 0)
            .append("total_jobs", random.nextInt(50)));
  }

  static void refresh(Pulso pulso) {
    RefreshProgress.Store progress = new RefreshProgress.Store(pulso.db(), ZoneOffset.UTC);
    Lease<RefreshProgress> lease = RecounterWorld.leased(progress);
    new ActiveSums(pulso.db(), FEW).store(lease, Deadline.in(LONG));
    progress.release(lease, new IllegalStateException());
  }

  Document sums() {
    Document progress = fixture.db().progress().find(COUNTING).first();
    return Lenient.document(progress.get("active"));
  }

  Overview overview(View view) {
    return fixture.pulso().services().overview().overview(view, Deadline.in(LONG));
  }

  void set(String id, Document fields) {
    fixture.db().batches().updateOne(new Document("batch_id", id), new Document("$set", fields));
  }

  List<Document> all() {
    return fixture.db().batches().find().sort(new Document("_id", 1)).into(new ArrayList<>());
  }
}

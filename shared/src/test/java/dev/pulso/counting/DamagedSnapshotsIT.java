package dev.pulso.counting;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoCollection;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.Test;

class DamagedSnapshotsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void refreshesCountBesideDamagedSnapshots() {
    try (PulsoFixture fixture = PulsoFixture.open()) {
      for (Object id :
          List.of("junk", new Document("batch_id", 5), new Document("batch_id", List.of("x")))) {
        fixture
            .db()
            .counterSnapshots()
            .insertOne(
                new Document("_id", id)
                    .append("taken_at", new Date(0))
                    .append("open_seq", Long.MAX_VALUE));
      }
      fixture.batches(batch("b1"));
      fixture.jobs(jobs(3, "b1", "pending"));
      JobIndexes indexes = new JobIndexes(fixture.db());
      Recounter recounter = new Recounter(fixture.db(), ZoneOffset.UTC, indexes);
      Refresh refresh = new Refresh(fixture.db(), indexes, recounter, ZoneOffset.UTC);
      // On a busy server, a run may get no lease.
      Eventually.isTrue(
          PATIENCE,
          () -> {
            ServerErrors.inTime(
                () -> refresh.run(Deadline.in(Duration.ofMinutes(1))), Optional.empty());
            Document counting = fixture.db().progress().find(RefreshProgress.COUNTING).first();
            return counting != null && counting.toJson().contains("\"pending\": 3");
          });
    }
  }

  /** A fold reads a snapshot, a crash takes that away, and the fold commits what it read. */
  @Test
  void snapshotOfBeforeCrashIsFoldedAgain() {
    try (PulsoFixture fixture = PulsoFixture.open()) {
      MongoCollection<Document> snapshots = fixture.db().counterSnapshots();
      Document key = new Document("_id", JobGroup.of("b").key());
      Document ofOne = new Document("id", "one").append("pending", 2L);
      Document ofOther = new Document("id", "other").append("pending", 3L);
      RefreshProgress.Store progress = new RefreshProgress.Store(fixture.db(), ZoneOffset.UTC);
      Lease<RefreshProgress> lease = RecounterWorld.leased(progress);
      snapshots.insertOne(new Document(key).append("written", 1L));
      count(snapshots, 1, ofOne);
      fold(fixture.pulso(), lease);
      Document before = snapshots.find(key).first();
      count(snapshots, 2, ofOne, ofOther);
      CommandListener crash =
          new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
              if (event.getCommandName().equals("update")
                  && event.getCommand().toString().contains(AccountTotals.TOTALS)) {
                snapshots.replaceOne(key, before);
              }
            }
          };
      try (Pulso other = fixture.another(crash)) {
        fold(other, lease);
      }
      fold(fixture.pulso(), lease);
      assertThat(snapshots.countDocuments(AccountTotals.open())).isZero();
      Document counting = fixture.db().progress().find(RefreshProgress.COUNTING).first();
      assertThat(
              counting
                  .get(AccountTotals.TOTALS, Document.class)
                  .getList("accounts", Document.class))
          .extracting(account -> account.get("id"))
          .containsExactly("one");
    }
  }

  private static void count(MongoCollection<Document> snapshots, long token, Document... accounts) {
    Document recount =
        new Document("written", token)
            .append("open_seq", Long.MAX_VALUE)
            .append("accounts", List.of(accounts));
    snapshots.updateMany(new Document(), new Document("$set", recount));
  }

  private static void fold(Pulso process, Lease<RefreshProgress> lease) {
    new AccountTotals(process.db()).fold(lease, Deadline.in(Duration.ofSeconds(20)));
  }
}

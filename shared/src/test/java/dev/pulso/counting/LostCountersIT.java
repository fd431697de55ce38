package dev.pulso.counting;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.event.CommandSucceededEvent;
import dev.pulso.Pulso;
import dev.pulso.access.Accounts;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.Counters;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A crash of the server takes away what it had acknowledged without having it on disk. */
@Order(2)
class LostCountersIT {
  private static final int TIMES = 25;

  private final PulsoFixture fixture = PulsoFixture.open();
  private final Crash crash = new Crash();
  private final Pulso pulso = fixture.another(crash);

  @AfterEach
  void close() {
    pulso.close();
    fixture.close();
  }

  /** What a crash takes away. */
  enum Loss {
    /** It comes between the two writes, and the driver repeats the second. */
    FIGURES,
    SNAPSHOT,
    /** It comes before the note that the cancel is done. */
    BOTH
  }

  @ParameterizedTest
  @EnumSource
  void cancelIsClosedOverCountersThatAreThere(Loss loss) {
    for (int i = 0; i < TIMES; i++) {
      String id = loss + "-" + i;
      upload(id, 5 + i % 7, 3);
      if (i % 2 == 0) {
        poll(id);
      }
      crash.takes(loss, id);
      cancel(id);
      crash.awaitStruck();
      Document after = fixture.stored(id);
      assertThat(after)
          .as(id)
          .containsEntry("total_jobs", 8L + i % 7)
          .containsEntry("pending_jobs", 0L)
          .containsEntry("completed_jobs", 3L);
      assertThat(after.getEmbedded(List.of("pulso", "cancel"), Document.class))
          .containsEntry("cancelled_jobs", 5L + i % 7)
          .doesNotContainKey("open");
    }
  }

  @ParameterizedTest
  @EnumSource
  void summaryIsOfCountersThatAreThere(Loss loss) {
    for (int i = 0; i < TIMES; i++) {
      String id = loss + "-" + i;
      upload(id, 5, 3);
      if (i % 2 == 0) {
        poll(id);
        fixture.jobs(jobs(1, id, "pending"));
      }
      crash.takes(loss, id);
      Counters counters =
          pulso
              .services()
              .summary()
              .summary(Accounts.ALL, new BatchAddress(id), Deadline.in(Duration.ofSeconds(20)))
              .counted()
              .counters();
      crash.awaitStruck();
      assertThat(counters.total()).as(id).isEqualTo(i % 2 == 0 ? 9 : 8);
    }
  }

  @ParameterizedTest
  @EnumSource
  void firstPollShowsCountersThatAreThere(Loss loss) {
    for (int i = 0; i < TIMES; i++) {
      String id = loss + "-" + i;
      upload(id, 5, 3);
      crash.takes(loss, id);
      assertThat(poll(id).total()).as(id).isEqualTo(8);
      crash.awaitStruck();
    }
  }

  @Test
  void lostCountersAreThereAgainWithinFiveSeconds() {
    upload("b", 5, 3);
    poll("b");
    fixture.jobs(jobs(1, "b", "pending"));
    fixture.db().batches().updateOne(Filters.eq("batch_id", "b"), Document.parse(DUE));
    fixture.db().counterSnapshots().updateOne(new Document(), Document.parse(LONG_RESTED));
    crash.takes(Loss.FIGURES, "b");
    // On a busy server, one poll does not wait for its lease, and recounts nothing.
    Eventually.isTrue(Duration.ofSeconds(60), () -> poll("b").total() > 0 && crash.isStruck());
    Eventually.isTrue(Duration.ofSeconds(30), () -> poll("b").total() == 9);
  }

  private static final String DUE = "{$set: {'pulso.due_at': {$date: 0}}}";
  private static final String LONG_RESTED = "{$set: {taken_at: {$date: 0}}}";

  private void upload(String id, int pending, int done) {
    fixture.batches(batch(id));
    fixture.jobs(jobs(pending, id, "pending"));
    fixture.jobs(jobs(done, id, "done"));
  }

  private Counters poll(String id) {
    return PulsoFixture.poll(pulso, id).counters();
  }

  private void cancel(String id) {
    PulsoFixture.cancel(pulso, id, "basta");
  }

  /** Puts documents back: a batch as it was before its figures, a snapshot as before its lease. */
  private final class Crash implements CommandListener {
    private volatile Optional<Loss> loss = Optional.empty();
    private Document batchBefore;
    private Optional<Document> snapshotBefore;

    void takes(Loss what, String id) {
      batchBefore = fixture.stored(id);
      snapshotBefore = Optional.ofNullable(counterSnapshots().find(key(id)).first());
      loss = Optional.of(what);
    }

    /** On a busy server, nobody waits for a write that is slow: it lands late. */
    void awaitStruck() {
      Eventually.isTrue(Duration.ofSeconds(60), this::isStruck);
    }

    boolean isStruck() {
      return loss.isEmpty();
    }

    @Override
    public void commandStarted(CommandStartedEvent event) {
      if (loss.isPresent() && loss.get() == Loss.FIGURES && isOf(event, "pulso_tallies")) {
        restoreBatch();
        loss = Optional.empty();
      } else if (loss.isPresent() && isOf(event, "batches")) {
        batchBefore = fixture.stored(batchId());
      }
    }

    @Override
    public void commandSucceeded(CommandSucceededEvent event) {
      boolean isStored = event.getCommandName().equals("update") && snapshotIsStored();
      if (loss.isPresent() && isStored) {
        counterSnapshots().deleteOne(key(batchId()));
        snapshotBefore.ifPresent(counterSnapshots()::insertOne);
        if (loss.get() == Loss.BOTH) {
          restoreBatch();
        }
        loss = Optional.empty();
      }
    }

    private boolean snapshotIsStored() {
      Document now = loss.isEmpty() ? null : counterSnapshots().find(key(batchId())).first();
      return now != null
          && now.containsKey("written")
          && !now.get("written").equals(snapshotBefore.map(was -> was.get("written")).orElse(null));
    }

    private boolean isOf(CommandStartedEvent event, String collection) {
      BsonDocument command = event.getCommand();
      return command.getFirstKey().equals("update")
          && command.getString("update").getValue().equals(collection)
          && command.toString().contains("taken_at");
    }

    private void restoreBatch() {
      fixture
          .db()
          .batches()
          .replaceOne(Filters.eq("_id", batchBefore.get("_id")), batchBefore, new ReplaceOptions());
    }

    private String batchId() {
      return batchBefore.getString("batch_id");
    }

    private static Document key(String id) {
      return new Document("_id", JobGroup.of(id).key());
    }

    private MongoCollection<Document> counterSnapshots() {
      return fixture.db().counterSnapshots();
    }
  }
}

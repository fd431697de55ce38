package dev.pulso.status;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import dev.pulso.access.Accounts;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.Counters;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.time.Deadline;
import dev.pulso.time.TimedOutException;
import java.time.Duration;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Another program's transaction locks a document that a summary's recount writes. */
class HeldUpSummaryIT {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final PulsoFixture fixture = PulsoFixture.open();
  private final ClientSession somebody = fixture.db().client().startSession();

  @AfterEach
  void close() {
    somebody.close();
    fixture.close();
  }

  @Test
  void countersAreExactWhileBatchIsLocked() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(3, "b", "pending"));
    summary();
    lock(fixture.db().batches());
    fixture.jobs(jobs(2, "b", "pending"));
    assertThat(summary().total()).isEqualTo(5);
    somebody.abortTransaction();
  }

  @Test
  void carriedCountersAreShownWhileBatchIsLocked() {
    fixture.batches(batch("b").append("total_jobs", 8));
    lock(fixture.db().batches());
    assertThat(summary().total()).isEqualTo(8);
    somebody.abortTransaction();
  }

  @Test
  void lockedSnapshotIsNotWaitedFor() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(3, "b", "pending"));
    summary();
    lock(fixture.db().counterSnapshots());
    long start = System.nanoTime();
    assertThatThrownBy(this::summary).isInstanceOf(TimedOutException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG.dividedBy(2));
    somebody.abortTransaction();
    assertThat(summary().total()).isEqualTo(3);
  }

  private void lock(MongoCollection<Document> collection) {
    somebody.startTransaction();
    collection.updateOne(somebody, new Document(), Document.parse("{$set: {dialer: 1}}"));
  }

  private Counters summary() {
    return fixture
        .pulso()
        .services()
        .summary()
        .summary(Accounts.ALL, new BatchAddress("b"), Deadline.in(LONG))
        .counted()
        .counters();
  }
}

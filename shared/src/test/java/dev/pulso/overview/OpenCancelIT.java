package dev.pulso.overview;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.cancel.CancelOutcome;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What overviews show of a cancel whose time ran out, while no refresh is due. */
class OpenCancelIT {
  private static final Document HELD = new Document("batch_id", "b").append("account_id", "guest");

  /** Half of it is for the jobs: longer than the duty cycle keeps a small batch from recounts. */
  private static final Duration TIME = Duration.ofSeconds(2);

  private static final Duration SOON = Duration.ofSeconds(20);

  private final PulsoFixture fixture = PulsoFixture.open();
  private final Pulso another = fixture.another();
  private final ClientSession somebody = fixture.db().client().startSession();

  @BeforeEach
  void beginCancel() {
    for (int i = 0; i < 20; i++) {
      fixture.batches(batch("b" + i).append("account_id", "other"));
    }
    fixture.batches(batch("b").append("account_id", "owner"));
    List<Document> jobs = new ArrayList<>(jobs(99, "b", "pending"));
    jobs.forEach(job -> job.append("account_id", "owner"));
    jobs.add(job("b", "pending").append("account_id", "guest"));
    fixture.jobs(jobs);
    Date later = Date.from(Instant.now().plusSeconds(3_600));
    fixture.upkeepUntil(
        () -> {
          fixture
              .db()
              .progress()
              .updateOne(
                  new Document("_id", "counting"),
                  new Document("$set", new Document("looks.UTC.due_at", later)));
          return pending(another, Optional.empty()) == 100;
        });
    somebody.startTransaction();
    fixture.db().jobs().updateOne(somebody, HELD, Document.parse("{$set: {dialer: 1}}"));
    // On a busy machine the time may be over before any job is cancelled.
    Eventually.isTrue(
        SOON,
        () -> {
          assertThat(cancel()).isInstanceOf(CancelOutcome.StillCancelling.class);
          return waiting() < 100;
        });
  }

  private CancelOutcome cancel() {
    return fixture
        .pulso()
        .services()
        .cancel()
        .cancel(
            Caller.ANONYMOUS,
            new BatchAddress("b"),
            Optional.empty(),
            Origin.NONE,
            Deadline.in(TIME));
  }

  @AfterEach
  void close() {
    somebody.close();
    another.close();
    fixture.close();
  }

  @Test
  void cancelledJobsShow() {
    assertShown(fixture.pulso(), Optional.empty(), 0);
    assertShown(another, Optional.empty(), 0);
    assertShown(another, Optional.of("owner"), 1);
  }

  @Test
  void cancelledJobsShowToAccountElsewhere() {
    assertShown(another, Optional.of("owner"), 1);
  }

  @Test
  void onlyAccountsOfJobsCauseRecounts() {
    assertThat(pending(another, Optional.of("other"))).isZero();
    assertThat(counted()).isEqualTo(100);
    Eventually.isTrue(
        SOON,
        () -> {
          assertThat(pending(another, Optional.of("guest"))).isEqualTo(1);
          return counted() < 100 && counted() == waiting();
        });
  }

  /**
   * No refresh is due: only a recount in an overview, which a busy server may delay, shows that.
   */
  private void assertShown(Pulso process, Optional<String> account, int ofOthers) {
    Eventually.isTrue(
        SOON,
        () -> {
          long shown = pending(process, account) + ofOthers;
          return shown < 100 && shown == waiting();
        });
  }

  /** The pending jobs of the batch by its last recount. */
  private long counted() {
    Document found = fixture.stored("b");
    return ((Number) found.get("pending_jobs")).longValue();
  }

  /** Those that it has: the locked one, and those that the cancel found behind it. */
  private long waiting() {
    return fixture.db().jobs().countDocuments(new Document("status", "pending"));
  }

  private static long pending(Pulso pulso, Optional<String> account) {
    return pulso
        .services()
        .overview()
        .overview(View.of(Caller.ANONYMOUS, account), Deadline.in(SOON))
        .jobs()
        .pending();
  }
}

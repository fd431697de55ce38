package dev.pulso.overview;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The first overview of an installation, which nobody has counted before. */
class FirstOverviewIT {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Document OUTSIDE = new Document("_id.batch_id", null);

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  @Test
  void slowLeasesLeaveItComplete() {
    for (int i = 0; i < 3; i++) {
      fixture.batches(batch("b" + i));
      fixture.jobs(jobs(2, "b" + i, "pending"));
    }
    SlowStart slow = new SlowStart();
    try (Pulso pulso = fixture.another(client -> client.addCommandListener(slow))) {
      Overview overview = pulso.services().overview().overview(View.ALL, Deadline.in(LONG));
      assertThat(overview.isComplete()).isTrue();
      assertThat(slow.isOver()).isTrue();
      assertThat(overview.jobs().pending()).isEqualTo(6);
    }
  }

  @Test
  void slowLeaseOfJobsOutsideLeavesItComplete() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(2, "b", "pending"));
    fixture.jobs(jobs(3, null, "pending"));
    AtomicBoolean isHeldBack = new AtomicBoolean();
    CommandListener slow =
        new CommandListener() {
          @Override
          public void commandStarted(CommandStartedEvent event) {
            String sent = event.getCommand().toString();
            boolean isOutside = sent.contains("leased_at") && sent.contains("{\"batch_id\": null}");
            if (isOutside && isHeldBack.compareAndSet(false, true)) {
              LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
            }
          }
        };
    try (Pulso pulso = fixture.another(client -> client.addCommandListener(slow))) {
      Overview overview = pulso.services().overview().overview(View.ALL, Deadline.in(LONG));
      assertThat(isHeldBack).isTrue();
      assertThat(overview.isComplete()).isTrue();
      assertThat(overview.jobs().pending()).isEqualTo(5);
    }
  }

  /** Their duty cycle may not allow it for long. */
  @Test
  void countedJobsOutsideNeedNoSecondCount() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(3, null, "pending"));
    Document complete = new Document("complete", true);
    fixture.upkeepUntil(() -> fixture.db().progress().countDocuments(complete) == 1);
    Document dear = new Document("$set", new Document("count_cost_ms", 60_000L));
    fixture.db().counterSnapshots().updateOne(OUTSIDE, dear);
    Object takenAt = fixture.db().counterSnapshots().find(OUTSIDE).first().get("taken_at");
    Document leftOut = new Document("$set", new Document("complete", false));
    fixture.db().progress().updateOne(new Document("_id", "counting"), leftOut);
    assertThat(fixture.pulso().runUpkeep(LONG).groupsUncounted()).isZero();
    assertThat(fixture.db().counterSnapshots().find(OUTSIDE).first())
        .containsEntry("taken_at", takenAt);
  }

  /** Holds back the leases for five seconds from the first one on. */
  private static final class SlowStart implements CommandListener {
    private final AtomicLong end = new AtomicLong();

    @Override
    public void commandStarted(CommandStartedEvent event) {
      if (event.getCommandName().equals("update")
          && event.getCommand().toString().contains("leased_at")) {
        end.compareAndSet(0, System.nanoTime() + Duration.ofSeconds(5).toNanos());
        while (!isOver()) {
          LockSupport.parkNanos(end.get() - System.nanoTime());
        }
      }
    }

    boolean isOver() {
      return end.get() != 0 && System.nanoTime() - end.get() >= 0;
    }
  }
}

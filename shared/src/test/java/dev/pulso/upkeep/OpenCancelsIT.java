package dev.pulso.upkeep;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.PulsoFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@Order(2)
class OpenCancelsIT {
  /** The time of a deployed run. */
  private static final Duration RUN = Duration.ofSeconds(50);

  private static final int LARGE = 100_000;
  private static final int JOBS_EACH = 20;

  private final PulsoFixture fixture = PulsoFixture.open();
  private int began;

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void sixtySmallCancelsFinishInOneRun() {
    open("small", 60);
    UpkeepReport report = fixture.pulso().runUpkeep(RUN);
    assertThat(report.cancelsFinished()).isEqualTo(60);
    assertThat(report.cancelsOpen()).isZero();
  }

  @Test
  void newCancelsDoNotDelayOlderOnes() {
    open("old", 60);
    for (int run = 0; run < 3; run++) {
      open("new" + run, 26);
      UpkeepReport report = fixture.pulso().runUpkeep(RUN);
      assertThat(report.cancelsFinished()).isGreaterThanOrEqualTo(run == 0 ? 60 : 26);
      assertThat(openOf("old")).isZero();
    }
  }

  @Test
  void largeCancelDelaysNoSmallOne() {
    Document large = cancelled("large", Instant.EPOCH);
    fixture.batches(large);
    for (int i = 0; i < LARGE; i += 10_000) {
      fixture.jobs(jobs(10_000, "large", "pending"));
    }
    open("small", 60);
    UpkeepReport report = fixture.pulso().runUpkeep(RUN);
    assertThat(report.cancelsFinished()).isGreaterThanOrEqualTo(60);
    assertThat(
            fixture
                .db()
                .jobs()
                .countDocuments(Document.parse("{batch_id: {$ne: 'large'}, status: 'pending'}")))
        .isZero();
    while (report.cancelsOpen() > 0) {
      report = fixture.pulso().runUpkeep(RUN);
    }
    assertThat(fixture.db().jobs().countDocuments(Document.parse("{status: 'pending'}"))).isZero();
  }

  private long openOf(String name) {
    return fixture
        .db()
        .batches()
        .countDocuments(
            new Document("batch_id", new Document("$regex", "^" + name + "-"))
                .append("pulso.cancel.open", true));
  }

  private void open(String name, int batches) {
    List<Document> jobs = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      String id = name + "-" + i;
      fixture.batches(cancelled(id, Instant.ofEpochSecond(++began)));
      jobs.addAll(jobs(JOBS_EACH, id, "pending"));
    }
    fixture.jobs(jobs);
  }

  private static Document cancelled(String id, Instant at) {
    return batch(id)
        .append("is_active", false)
        .append("cancelled_at", Date.from(at))
        .append("pulso", Document.parse("{cancel: {open: true}}"));
  }
}

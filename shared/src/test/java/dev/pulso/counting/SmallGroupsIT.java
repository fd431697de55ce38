package dev.pulso.counting;

import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import dev.pulso.batch.JobStatus;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.JobIndexes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The two ways of counting have to agree: which one it is depends on size alone. */
class SmallGroupsIT {
  private static final JobGroup GROUP = JobGroup.of("b");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Instant MIDNIGHT = Instant.parse("2025-01-15T00:00:00Z");
  private static final Instant LATEST = MIDNIGHT.plusSeconds(3_600);

  private final PulsoFixture fixture = PulsoFixture.open();
  private final JobIndexes indexes = new JobIndexes(fixture.db());
  private final SmallGroups small = new SmallGroups(fixture.db(), indexes);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void readingJobsFindsWhatIndexesSay() {
    List<Document> jobs = new ArrayList<>();
    List<String> statuses = new ArrayList<>(JobStatus.ALL);
    statuses.add("unheard-of");
    for (String status : statuses) {
      for (String account : List.of("acc-1", "acc-2", "$acc")) {
        for (Instant created : List.of(MIDNIGHT, MIDNIGHT.minusMillis(1))) {
          jobs.add(
              job("b", status)
                  .append("account_id", account)
                  .append("created_at", Date.from(created)));
        }
      }
    }
    Document bare = job("b", "pending");
    bare.remove("account_id");
    bare.remove("created_at");
    jobs.add(bare);
    jobs.add(job("b", "pending").append("account_id", 7).append("created_at", "today"));
    for (Instant updated : List.of(LATEST, LATEST.plusMillis(1))) {
      jobs.add(job("b", "done").append("updated_at", Date.from(updated)));
    }
    jobs.add(job("b", "done").append("created_at", null));
    jobs.add(job("b", "scheduled").append("account_id", List.of("acc-1")));
    jobs.add(new Document(job("b", "done")).append("status", List.of("done")));
    jobs.add(new Document(job("b", "in_progress")).append("batch_id", List.of("b", "c")));
    fixture.jobs(jobs);
    JobCounts read = small.count(neverCounted(), MIDNIGHT, LATEST, PATIENCE).orElseThrow().counts();
    JobCounts counted = fromIndexes();
    assertThat(read.all()).isEqualTo(counted.all());
    assertThat(read.accounts()).isEqualTo(counted.accounts());
    assertThat(read.lastModified()).isEqualTo(counted.lastModified());
    assertThat(read.lastModified()).isEqualTo(LATEST);
  }

  @Test
  void moreThanAThousandAreNotCounted() {
    fixture.jobs(jobs(SmallGroups.MOST_JOBS, "b", "pending"));
    assertThat(small.count(neverCounted(), MIDNIGHT, LATEST, PATIENCE)).isPresent();
    fixture.jobs(jobs(1, "b", "pending"));
    assertThat(small.count(neverCounted(), MIDNIGHT, LATEST, PATIENCE)).isEqualTo(Optional.empty());
  }

  private JobCounts fromIndexes() {
    try (ClientSession session = fixture.db().client().startSession()) {
      return new Counter(indexes).count(session, neverCounted(), MIDNIGHT, LATEST, PATIENCE);
    }
  }

  private static CounterSnapshot neverCounted() {
    return CounterSnapshot.of(new Document("_id", GROUP.key()));
  }
}

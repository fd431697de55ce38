package dev.pulso.counting;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.call;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.WriteConcern;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.UpdateOptions;
import dev.pulso.mongo.JobIndexes;
import java.util.List;
import java.util.Set;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a recount counts, sees and writes. */
class RecounterIT extends RecounterWorld {
  @Test
  void writesNothingOfTheBatchButItsCountersAndItsBookkeeping() {
    Document odd =
        new Document("total_cost", 99.9)
            .append("completed_jobs", 1_000)
            .append("estimated_cost", "much")
            .append("theirs", List.of(1, new Document("a", null)));
    fixture.db().batches().updateOne(Filters.eq("batch_id", "b"), new Document("$set", odd));
    Document before = stored();
    recount();
    Document after = stored();
    assertThat(after)
        .containsEntry("total_jobs", 5L)
        .containsEntry("completed_jobs", 0L)
        .containsEntry("total_cost", 0.0);
    before.append("completed_at", null);
    for (String own :
        List.of(
            "pulso",
            "total_jobs",
            "pending_jobs",
            "completed_jobs",
            "failed_jobs",
            "suspended_jobs",
            "total_cost",
            "total_minutes")) {
      before.remove(own);
      after.remove(own);
    }
    after.putIfAbsent("completed_at", null);
    assertThat(after).isEqualTo(before);
  }

  @Test
  void manyGroupsAreCountedLikeEachAlone() {
    fixture.batches(batch("c"), batch("$d"));
    fixture.jobs(jobs(3, "c", "done"));
    fixture.jobs(List.of(job("$d", "failed").append("call_result", call(50, 90_000))));
    recounts.recountAll(Set.of(GROUP, JobGroup.of("c"), JobGroup.of("$d")));
    assertThat(counted("b").counters().pending()).isEqualTo(5);
    assertThat(counted("c").counters().completed()).isEqualTo(3);
    assertThat(counted("$d").counters().cost()).isEqualByComparingTo("0.5");
    assertThat(counted("$d").counters().minutes()).isEqualByComparingTo("1.5");
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 1_200})
  void recountSeesWhatWasAcknowledgedBefore(int jobs) {
    fixture.jobs(jobs(jobs - 5, "b", "done"));
    for (int i = 1; i <= 50; i++) {
      fixture.db().jobs().withWriteConcern(WriteConcern.W1).insertOne(job("b", "pending"));
      recount();
      assertThat(counted().counters().total()).isEqualTo(jobs + i);
    }
  }

  /** An index of the same keys took its place. */
  @ParameterizedTest
  @ValueSource(ints = {6, 1_200})
  void renamedIndexesAreFound(int jobs) {
    fixture.jobs(jobs(jobs - 5, "b", "done"));
    recount();
    for (Document keys : List.of(JobIndexes.COUNTERS, JobIndexes.UPLOADS)) {
      fixture.db().jobs().dropIndex(keys);
      fixture.db().jobs().createIndex(keys, new IndexOptions().name("renamed" + keys.size()));
    }
    fixture.jobs(jobs(1, "b", "done"));
    recount();
    assertThat(counted().counters().total()).isEqualTo(jobs + 1);
  }

  @Test
  void groupThatGrewIsCountedWhole() {
    recount();
    fixture.jobs(jobs(2 * SmallGroups.MOST_JOBS, "b", "done"));
    recount();
    assertThat(counted().counters().total()).isEqualTo(5 + 2 * SmallGroups.MOST_JOBS);
  }

  /** As a worker would find it, and a cancel does. */
  @Test
  void statusInAnArrayCounts() {
    fixture.jobs(
        List.of(
            new Document(job("b", "done")).append("status", List.of("pending")),
            new Document(job("b", "done")).append("status", List.of(7, "failed")),
            new Document(job("b", "done")).append("status", List.of("unheard of"))));
    for (int i = 0; i < 2; i++) {
      recount();
      assertThat(snapshot()).containsEntry("total", 8L);
      assertThat(snapshot().getList("accounts", Document.class).getFirst())
          .containsEntry("total", 8L)
          .containsEntry("pending", 6L)
          .containsEntry("failed", 1L);
    }
  }

  @Test
  void everyStoredSnapshotWaitsForTheRefresh() {
    fold(7);
    recount();
    assertThat(snapshot()).containsEntry("open_seq", Long.MAX_VALUE);
    assertThat(snapshot().get("folded", Document.class)).containsEntry("seq", 7L);
  }

  @Test
  void foldedSnapshotOutlivesItsJobs() {
    recount();
    fold(8);
    fixture.db().jobs().deleteMany(new Document());
    recount();
    assertThat(snapshot())
        .containsEntry("open_seq", Long.MAX_VALUE)
        .containsEntry("total", 0L)
        .containsEntry("accounts", List.of())
        .containsKey("folded");
  }

  /** As the refresh does. */
  private void fold(long seq) {
    Document folded = new Document("seq", seq).append("values", List.of());
    fixture
        .db()
        .counterSnapshots()
        .updateOne(
            Filters.eq("_id", GROUP.key()),
            new Document("$set", new Document("open_seq", seq).append("folded", folded)),
            new UpdateOptions().upsert(true));
  }
}

package dev.pulso.contract;

import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Builders.set;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When completed_at is set, and when it is cleared. */
class CompletedAtIT {
  @AutoClose private static final ContractDatabase database = ContractDatabase.open();

  @ParameterizedTest
  @ValueSource(strings = {"pending", "scheduled", "in_progress"})
  void isNullWhileJobsAreOpen(String open) {
    String id = database.batch();
    database.jobs(jobs(3, id, "done"));
    database.jobs(jobs(1, id, open));
    assertThat(completedAt(id)).isNull();
    turn(id, open, "failed");
    assertThat(completedAt(id)).isNotNull();
  }

  @Test
  void isNullWithoutJobs() {
    assertThat(completedAt(database.batch())).isNull();
  }

  @ParameterizedTest
  @MethodSource("blanks")
  void isSetWhereImportLeftBlank(Object blank) {
    for (String status : List.of("done", "pending")) {
      String id = database.batch();
      database.db().batches().updateOne(new Document("batch_id", id), set("completed_at", blank));
      database.jobs(jobs(2, id, status));
      if (status.equals("pending")) {
        assertThat(completedAt(id)).isNull();
        database.api().cancel(id).ok();
      }
      assertThat(completedAt(id)).isNotNull();
    }
  }

  private static List<Object> blanks() {
    return List.of("", false);
  }

  @Test
  void isSetOnceAndNeverMoves() {
    String id = finished();
    Object first = completedAt(id);
    turn(id, "done", "failed");
    assertThat(completedAt(id)).isEqualTo(first);
    database.api().cancel(id).ok();
    assertThat(completedAt(id)).isEqualTo(first);
  }

  @Test
  void retriedJobKeepsIt() {
    String id = finished();
    Object first = completedAt(id);
    turnOne(id, "done", "pending");
    assertThat(completedAt(id)).isEqualTo(first);
    turnOne(id, "pending", "in_progress");
    assertThat(completedAt(id)).isEqualTo(first);
  }

  @Test
  void addedJobsClearIt() {
    String id = finished();
    database.jobs(jobs(2, id, "pending"));
    assertThat(completedAt(id)).isNull();
    assertThat(database.api().summary(id).at("status")).isEqualTo("active");
    turn(id, "pending", "done");
    assertThat(completedAt(id)).isNotNull();
  }

  @Test
  void addedJobsKeepItOfCancelledBatch() {
    String id = database.batch();
    database.jobs(jobs(2, id, "pending"));
    database.api().cancel(id).ok();
    Object first = completedAt(id);
    database.jobs(jobs(5, id, "pending"));
    assertThat(completedAt(id)).isEqualTo(first).isNotNull();
  }

  @Test
  void retryAfterAddedJobsKeepsIt() {
    String id = finished();
    Object first = completedAt(id);
    database.jobs(jobs(4, id, "done"));
    assertThat(completedAt(id)).isEqualTo(first);
    turnOne(id, "done", "pending");
    assertThat(completedAt(id)).isEqualTo(first);
  }

  @Test
  void addedJobsClearItAfterPartialArchiving() {
    String id = finished();
    completedAt(id);
    database.db().jobs().deleteOne(new Document("batch_id", id));
    database.db().jobs().deleteOne(new Document("batch_id", id));
    completedAt(id);
    database.jobs(jobs(1, id, "pending"));
    assertThat(completedAt(id)).isNull();
  }

  @Test
  void addedJobsClearItAfterFullArchiving() {
    String id = finished();
    Object first = completedAt(id);
    database.db().jobs().deleteMany(new Document("batch_id", id));
    assertThat(completedAt(id)).isEqualTo(first);
    database.jobs(jobs(1, id, "pending"));
    assertThat(completedAt(id)).isNull();
  }

  @Test
  void restoredArchivedJobsKeepIt() {
    String id = finished();
    Object first = completedAt(id);
    database.db().jobs().deleteMany(new Document("batch_id", id));
    completedAt(id);
    database.jobs(jobs(3, id, "done"));
    assertThat(completedAt(id)).isEqualTo(first);
    turnOne(id, "done", "pending");
    assertThat(completedAt(id)).isEqualTo(first);
  }

  private static String finished() {
    String id = database.batch();
    database.jobs(jobs(3, id, "done"));
    assertThat(completedAt(id)).isNotNull();
    return id;
  }

  private static void turn(String id, String from, String to) {
    database
        .db()
        .jobs()
        .updateMany(new Document("batch_id", id).append("status", from), set("status", to));
  }

  private static void turnOne(String id, String from, String to) {
    database
        .db()
        .jobs()
        .updateOne(new Document("batch_id", id).append("status", from), set("status", to));
  }

  /** Reads it once the batch holds counters of now: a summary does not wait for a slow write. */
  private static Object completedAt(String id) {
    Date now = Date.from(database.db().now());
    Eventually.isTrue(
        Duration.ofSeconds(30),
        () -> {
          database.api().summary(id).ok();
          Date takenAt =
              database.stored(id).getEmbedded(List.of("pulso", "figures", "taken_at"), Date.class);
          return takenAt != null && !takenAt.before(now);
        });
    return database.api().summary(id).ok().at("completed_at");
  }
}

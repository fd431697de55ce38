package dev.pulso.local.server.demo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.ne;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoCollection;
import dev.pulso.local.server.demo.DemoData.State;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DemoDataIT {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-04T15:00:00Z"), ZoneOffset.UTC);
  private static final List<String> ALL_STATUSES =
      List.of("pending", "scheduled", "completed", "done", "failed", "suspended", "cancelled");

  private static TestDatabase database;
  private static int jobs;

  @BeforeAll
  static void load() {
    database = new TestDatabase();
    try (DemoData demo = database.demo(CLOCK)) {
      assertThat(demo.state()).isEqualTo(State.EMPTY);
      jobs = demo.load();
      assertThat(demo.state()).isEqualTo(State.LOADED);
    }
  }

  @AfterAll
  static void drop() {
    database.close();
  }

  @Test
  void hasThreeAccountsAndTwelveBatches() {
    assertThat(database.collections.accounts().distinct("account_id", String.class))
        .containsExactlyInAnyOrder("acc-chile-001", "acc-peru-001", "acc-mexico-001");
    assertThat(database.collections.batches().distinct("batch_id", String.class))
        .hasSizeGreaterThanOrEqualTo(12)
        .allMatch(id -> id.matches("batch-202[56][01]\\d[0-3]\\d-[0-9a-f]{8}"));
  }

  @Test
  void everyUserHasBatchToWatch() {
    try (DemoData demo = database.demo(CLOCK)) {
      for (String account : List.of(DemoUsers.ACCOUNT, "acc-peru-001")) {
        assertThat(demo.batchToWatch(account).orElseThrow().accountId()).contains(account);
      }
      assertThat(demo.batchToWatch("acc-unknown")).isEmpty();
    }
  }

  @Test
  void hasManyJobsOfOneKilobyte() {
    assertThat(jobs).isBetween(20_000, 99_999);
    assertThat(database.collections.jobs().countDocuments()).isEqualTo(jobs);
    List<Integer> sizes = new ArrayList<>();
    for (RawBsonDocument job :
        database.collections.jobs().find(new Document(), RawBsonDocument.class).limit(20_000)) {
      sizes.add(job.getByteBuffer().remaining());
    }
    assertThat(sizes.stream().mapToInt(Integer::intValue).average().orElseThrow())
        .isBetween(800.0, 1_300.0);
  }

  @Test
  void jobsHaveEveryLastingStatus() {
    assertThat(database.collections.jobs().distinct("status", String.class))
        .containsExactlyInAnyOrderElementsOf(ALL_STATUSES);
  }

  @Test
  void costsAreInBothPlaces() {
    assertThat(count(exists("call_result.call_cost.combined_cost"))).isPositive();
    assertThat(count(exists("call_result.summary.call_cost.combined_cost"))).isPositive();
  }

  @Test
  void hasJobsWithoutBatch() {
    assertThat(count(eq("batch_id", null))).isPositive();
    Set<String> batches =
        database.collections.batches().distinct("batch_id", String.class).into(new HashSet<>());
    Set<String> named =
        database.collections.jobs().distinct("batch_id", String.class).into(new HashSet<>());
    named.removeAll(batches);
    assertThat(named).hasSize(1);
  }

  @Test
  void cancelledBatchLooksLikeRealCancel() {
    Document batch =
        database
            .collections
            .batches()
            .find(exists("cancelled_at"))
            .into(new ArrayList<>())
            .getFirst();
    assertThat(batch.getBoolean("is_active")).isFalse();
    assertThat(batch.get("completed_at")).isNotNull();
    assertThat(batch.getString("cancellation_reason")).isNotBlank();
    assertThat(
            database
                .collections
                .jobs()
                .distinct("status", eq("batch_id", batch.get("batch_id")), String.class))
        .doesNotContain("pending", "scheduled")
        .contains("cancelled");
    assertThat(database.collections.auditLog().find(eq("_id", cancelId(batch))))
        .singleElement()
        .satisfies(entry -> assertThat(entry.get("batch_id")).isEqualTo(batch.get("batch_id")));
  }

  private static Document cancelId(Document batch) {
    return new Document("action", "batch.cancelled").append("batch", batch.get("_id"));
  }

  @Test
  void pausesAreInAuditLog() {
    List<Object> paused =
        database
            .collections
            .batches()
            .find(and(eq("is_active", false), eq("completed_at", null)))
            .map(batch -> batch.get("_id"))
            .into(new ArrayList<>());
    assertThat(
            database
                .collections
                .auditLog()
                .find(eq("action", "batch.paused"))
                .map(entry -> entry.get("_id", Document.class).get("batch"))
                .into(new ArrayList<>()))
        .hasSize(2)
        .isEqualTo(paused);
  }

  @Test
  void noCallEndsInTheFuture() {
    Date now = Date.from(CLOCK.instant());
    for (String field : List.of("created_at", "updated_at", "finished_at", "completed_at")) {
      assertThat(count(gt(field, now))).as(field).isZero();
    }
  }

  @Test
  void sameMomentGivesSameData() {
    try (TestDatabase other = new TestDatabase();
        DemoData demo = other.demo(CLOCK)) {
      demo.load();
      assertThat(ids(other.collections.jobs())).isEqualTo(ids(database.collections.jobs()));
    }
  }

  @Test
  void interruptedLoadIsDetected() {
    try (TestDatabase other = new TestDatabase();
        DemoData demo = other.demo(CLOCK)) {
      other.collections.marker().insertOne(new Document("_id", "demo").append("complete", false));
      assertThat(demo.state()).isEqualTo(State.CUT_OFF);
    }
  }

  @Test
  void foreignDataAreDetected() {
    try (TestDatabase other = new TestDatabase();
        DemoData demo = other.demo(CLOCK)) {
      other.collections.jobs().insertOne(new Document("status", "pending"));
      assertThat(demo.state()).isEqualTo(State.FOREIGN);
      assertThat(demo.batchToWatch()).isEmpty();
    }
  }

  private static long count(Bson filter) {
    return database.collections.jobs().countDocuments(filter);
  }

  private static Set<String> ids(MongoCollection<Document> jobs) {
    Set<String> ids = new HashSet<>();
    for (BsonDocument job : jobs.find(ne("job_id", null), BsonDocument.class)) {
      ids.add(job.getString("job_id").getValue() + job.getString("status").getValue());
    }
    return ids;
  }
}

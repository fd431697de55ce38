package dev.pulso.mongo;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.call;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Builders.summarised;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Collation;
import com.mongodb.client.model.CreateCollectionOptions;
import com.mongodb.client.model.IndexOptions;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.upkeep.UpkeepReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class IndexesIT {
  private static final Collation SIMPLE = Collation.builder().locale("simple").build();

  @AutoClose private final PulsoFixture fixture = PulsoFixture.openBare();

  @Test
  void upkeepCreatesMissingIndexes() {
    assertThat(upkeep().indexesMade()).contains("batch_id_1_updated_at_1", "account_id_1");
    assertThat(upkeep().indexesMade()).isEmpty();
    assertThat(indexes(fixture.db().jobs())).hasSize(4);
  }

  @Test
  void indexWithOtherNameIsUsed() {
    fixture.db().jobs().createIndex(JobIndexes.COUNTERS, new IndexOptions().name("theirs"));
    fixture.db().batches().createIndex(new Document("batch_id", 1.0), named("their_ids"));
    fixture.pulso().makeIndexes();
    assertThat(indexes(fixture.db().jobs())).hasSize(4);
    assertThat(indexes(fixture.db().batches())).contains("their_ids").doesNotContain("batch_id_1");
    assertThat(new JobIndexes(fixture.db()).countersHint()).contains("theirs");
    fixture.batches(batch("b"));
    fixture.jobs(jobs(3, "b", "pending"));
    assertThat(pending("b")).isEqualTo(3);
  }

  @Test
  void partialIndexIsNoSubstitute() {
    fixture
        .db()
        .jobs()
        .createIndex(
            JobIndexes.CHANGES,
            new IndexOptions()
                .name("batch_id_1_updated_at_1")
                .partialFilterExpression(new Document("status", "pending")));
    fixture.db().jobs().createIndex(JobIndexes.UPLOADS, named("sparse").sparse(true));
    fixture.pulso().makeIndexes();
    assertThat(indexes(fixture.db().jobs())).hasSize(6);
    fixture.jobs(jobs(1, "b", "pending"));
    UpkeepReport report = upkeep();
    assertThat(report.indexesMade()).isEmpty();
    assertThat(report.failedSteps()).isEmpty();
  }

  @Test
  void unindexableDocumentStopsNoOtherIndex() {
    fixture.batches(batch("b"));
    fixture.jobs(
        List.of(
            job("b", "pending"),
            job("b", "pending").append("status", List.of(1)).append("account_id", List.of(2))));
    UpkeepReport report = upkeep();
    assertThat(report.indexesMade()).contains("batch_id_1_updated_at_1", "account_id_1");
    assertThat(new JobIndexes(fixture.db()).countersHint()).isEmpty();
    assertThat(report.groupsRecounted()).isPositive();
    assertThat(report.failedSteps()).isEmpty();
    assertThat(pending("b")).isEqualTo(1);
  }

  @Test
  void refusedIndexIsRetriedDaily() {
    fixture.jobs(
        List.of(job("b", "pending").append("status", List.of(1)).append("account_id", List.of(2))));
    assertThat(upkeep().indexesRefused()).isEqualTo(1);
    Document note = note();
    assertThat(upkeep().indexesRefused()).isEqualTo(1);
    assertThat(note()).isEqualTo(note);

    fixture.db().jobs().deleteMany(new Document());
    assertThat(upkeep().indexesMade()).isEmpty();
    Date yesterday = Date.from(note.getDate("refused_at").toInstant().minus(Duration.ofHours(25)));
    fixture
        .db()
        .progress()
        .updateOne(note, new Document("$set", new Document("refused_at", yesterday)));
    UpkeepReport report = upkeep();
    assertThat(report.indexesMade()).hasSize(1);
    assertThat(report.indexesRefused()).isZero();
  }

  private Document note() {
    return fixture
        .db()
        .progress()
        .find(new Document("_id", Pattern.compile("^index jobs")))
        .first();
  }

  @Test
  void viewStopsNoOtherIndex() {
    fixture.db().database().createCollection("people");
    fixture.db().database().createView("accounts", "people", List.of());
    UpkeepReport report = upkeep();
    assertThat(report.failedSteps()).isEmpty();
    assertThat(report.indexesMade())
        .contains("batch_id_1_updated_at_1", "is_active_1_account_id_1");
    assertThat(report.indexesRefused()).isEqualTo(1);
    assertThat(upkeep().indexesMade()).isEmpty();
  }

  @Test
  void indexesHaveCollationOfCollection() {
    Collation spanish = Collation.builder().locale("es").build();
    CreateCollectionOptions options = new CreateCollectionOptions().collation(spanish);
    fixture.db().database().createCollection("batches", options);
    fixture.db().database().createCollection("jobs", options);
    fixture.db().jobs().createIndex(JobIndexes.COUNTERS, named("simple").collation(SIMPLE));
    fixture.pulso().makeIndexes();
    assertThat(upkeep().indexesMade()).isEmpty();
    assertThat(new JobIndexes(fixture.db()).countersHint())
        .isPresent()
        .get()
        .isNotEqualTo("simple");
    fixture.batches(batch("b"));
    fixture.jobs(jobs(3, "b", "pending"));
    assertThat(pending("b")).isEqualTo(3);
  }

  @Test
  void batchIdsAreUniqueButOptional() {
    fixture.pulso().makeIndexes();
    fixture.batches(new Document(), new Document(), new Document("batch_id", null), batch("b"));
    assertThatThrownBy(() -> fixture.batches(batch("b")))
        .satisfies(e -> assertThat(e.getMessage()).contains("E11000"));
    assertThat(explain("batches", new Document("batch_id", "b"))).contains("IXSCAN");
  }

  @Test
  void duplicateBatchIdsStillGetIndex() {
    fixture.batches(batch("b"), batch("b"));
    fixture.pulso().makeIndexes();
    assertThat(indexes(fixture.db().batches())).contains("batch_id_1");
    assertThat(pending("b")).isZero();
  }

  @Test
  void countingAndSummingFetchNoDocument() {
    fixture.pulso().makeIndexes();
    fixture.batches(batch("b"));
    // Enough jobs that they are counted by index instead of read.
    fixture.jobs(jobs(1_050, "b", "pending"));
    fixture.jobs(jobs(20, null, "pending"));
    for (int i = 0; i < 20; i++) {
      fixture.jobs(
          List.of(
              job("b", "done").append("call_result", call(i, i)),
              job("b", "done").append("call_result", summarised(i, null)),
              job("b", "done").append("call_duration_seconds", i)));
    }
    fixture.db().database().runCommand(new Document("profile", 2));
    assertThat(pending("b")).isEqualTo(1_050);
    fixture.pulso().runUpkeep(Duration.ofSeconds(20));
    fixture.db().database().runCommand(new Document("profile", 0));
    List<Document> onJobs =
        fixture
            .db()
            .database()
            .getCollection("system.profile")
            .find(
                new Document("ns", fixture.db().jobs().getNamespace().getFullName())
                    .append("command.aggregate", "jobs")
                    // What looks for changed groups reads snapshots besides.
                    .append("command.allowDiskUse", new Document("$ne", true)))
            .into(new ArrayList<>());
    assertThat(onJobs).hasSizeGreaterThan(2);
    assertThat(onJobs)
        .allSatisfy(
            command -> assertThat(command.get("docsExamined")).as(command.toJson()).isEqualTo(0));
  }

  private UpkeepReport upkeep() {
    // A fifth of it is for indexes. On a busy machine they take many seconds.
    return fixture.pulso().runUpkeep(Duration.ofMinutes(5));
  }

  private long pending(String batchId) {
    return fixture.poll(batchId).counters().pending();
  }

  private String explain(String collection, Document filter) {
    return fixture
        .db()
        .database()
        .runCommand(
            new Document("explain", new Document("find", collection).append("filter", filter)))
        .toJson();
  }

  private static IndexOptions named(String name) {
    return new IndexOptions().name(name);
  }

  private static List<String> indexes(MongoCollection<Document> collection) {
    return collection.listIndexes().map(index -> index.getString("name")).into(new ArrayList<>());
  }
}

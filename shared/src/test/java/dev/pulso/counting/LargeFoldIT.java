package dev.pulso.counting;

import static com.mongodb.client.model.Filters.regex;
import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.counting.JobCounts.ByStatus;
import dev.pulso.counting.JobCounts.OfAccount;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.Lenient;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.codecs.DocumentCodec;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.Test;

/** A document has 16 MB at most, and the redo list of a fold is in one. */
class LargeFoldIT {
  private static final int SNAPSHOTS = 120;
  private static final int ACCOUNTS = 1_000;

  @Test
  void manyAccountsAreFoldedInParts() {
    try (PulsoFixture fixture = PulsoFixture.open()) {
      for (int i = 0; i < SNAPSHOTS; i++) {
        fixture.db().counterSnapshots().insertOne(snapshot(i, ACCOUNTS, "x".repeat(150)));
      }
      Deadline deadline = Deadline.in(Duration.ofSeconds(60));
      RefreshProgress.Store progress = new RefreshProgress.Store(fixture.db(), ZoneOffset.UTC);
      new AccountTotals(fixture.db()).fold(RecounterWorld.leased(progress), deadline);
      assertThat(fixture.db().counterSnapshots().countDocuments(AccountTotals.open())).isZero();
      Document stored = fixture.db().progress().find().first();
      assertThat(stored).doesNotContainKey(AccountTotals.REDO);
      assertThat(
              stored.get(AccountTotals.TOTALS, Document.class).getList("accounts", Document.class))
          .hasSize(ACCOUNTS)
          .allSatisfy(account -> assertThat(account).containsEntry("pending", 2L * SNAPSHOTS));
    }
  }

  @Test
  void smallestOfVeryManyAccountsAreCountedTogether() {
    int many = 40_000;
    JobCounts.Builder builder = new JobCounts.Builder();
    for (int i = 0; i < many; i++) {
      Optional<String> account = Optional.of("acc-%05d".formatted(i));
      builder.add(account, "pending", i == many - 1 ? 3 : 2);
      builder.add(account, "done", 1);
      builder.addToday(account, 1);
    }
    builder.add(Optional.of("x".repeat(201)), "failed", 50);
    builder.add(Optional.empty(), "failed", 1);
    JobCounts counts = builder.build();
    assertThat(counts.all()).returns(3L * many + 52, ByStatus::total);
    int kept = 2_000_000 / (200 + "acc-00000".length());
    assertThat(counts.accounts()).hasSize(kept + 1);
    OfAccount others = counts.accounts().getFirst();
    long merged = many - kept;
    assertThat(others.accountId()).isEmpty();
    assertThat(others.today()).isEqualTo(merged);
    assertThat(others.counts())
        .returns(2 * merged, ByStatus::pending)
        .returns(merged, ByStatus::completed)
        .returns(51L, ByStatus::failed);
    assertThat(counts.accounts().get(1).accountId()).hasValue("acc-00000");
    assertThat(counts.accounts().getLast().accountId()).hasValue("acc-39999");
  }

  @Test
  void totalsStayExactWithTooManyAccountsForOneDocument() {
    int many = 12_000;
    try (PulsoFixture fixture = PulsoFixture.open()) {
      fixture.batches(batch("b"));
      List<Document> jobs = jobs(many, "b", "pending");
      for (int i = 0; i < many; i++) {
        jobs.get(i).append("account_id", "acc-%05d".formatted(i) + "x".repeat(i < 5 ? 0 : 700));
      }
      fixture.jobs(jobs);
      fixture.upkeepUntil(() -> totals(fixture).pending(any -> true) == many);
      // One that has a row of its own, and one that is counted with others.
      Bson changed = regex("account_id", "^acc-0000[18]");
      Document done = new Document("status", "done").append("updated_at", new Date());
      fixture.db().jobs().updateMany(changed, new Document("$set", done));
      fixture.upkeepUntil(() -> totals(fixture).completed(any -> true) == 2);
      assertThat(totals(fixture).pending(any -> true)).isEqualTo(many - 2);
    }
  }

  @Test
  void totalsOfVeryManyAccountsStayExactInAll() {
    AccountJobs totals = new AccountJobs();
    for (int i = 0; i < 3; i++) {
      totals.add(snapshot(i, 10_000, "-of-" + i));
    }
    assertThat(rows(totals).stream().mapToInt(row -> 200 + id(row).length()).sum())
        .isBetween(3_999_000, 4_000_200);
    assertThat(totals.pending(any -> true)).isEqualTo(60_000);
    for (int i = 0; i < 3; i++) {
      totals.subtract(snapshot(i, 10_000, "-of-" + i));
      totals.add(snapshot(i, 9_000, "-of-" + i));
    }
    assertThat(totals.pending(any -> true)).isEqualTo(54_000);
    assertThat(totals.pending(id -> id.equals(Optional.of("acc-9999-of-0")))).isZero();
    for (int i = 0; i < 3; i++) {
      totals.subtract(snapshot(i, 9_000, "-of-" + i));
    }
    assertThat(rows(totals)).isEmpty();
  }

  @Test
  void totalsKeepTheAccountsWithMostJobs() {
    List<Document> snapshots = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      snapshots.add(snapshot(i, 10_000, "-of-" + i));
    }
    Document real = new Document("id", "real").append("pending", 3L);
    snapshots.add(
        new Document("accounts", List.of(real))
            .append(
                "days",
                List.of(
                    new Document("since", new Date(0))
                        .append("accounts", List.of(new Document("id", "real").append("n", 3L))))));
    AccountJobs totals = new AccountJobs();
    snapshots.forEach(totals::add);
    AccountJobs reversed = new AccountJobs();
    snapshots.reversed().forEach(reversed::add);
    Document stored = totals.document(Instant.EPOCH);
    assertThat(reversed.document(Instant.EPOCH)).isEqualTo(stored);
    AccountJobs again = new AccountJobs();
    again.add(stored);
    assertThat(again.document(Instant.EPOCH)).isEqualTo(stored);
    assertThat(again.pending(Optional.of("real")::equals)).isEqualTo(3);
    assertThat(again.created(Instant.EPOCH, Optional.of("real")::equals)).isEqualTo(3);
    assertThat(again.pending(any -> true)).isEqualTo(60_003);
  }

  /** The redo list of a fold is in the same document, and takes as much as a snapshot. */
  @Test
  void longIdsFitIntoOneDocument() {
    JobCounts.Builder builder = new JobCounts.Builder();
    AccountJobs totals = new AccountJobs();
    for (int i = 0; i < 6_000; i++) {
      Optional<String> account = Optional.of("%05d".formatted(i) + "\uD83D\uDCDE".repeat(195));
      builder.add(account, "pending", 1);
      Document created = new Document("id", account.get()).append("n", 1L);
      List<Document> days = new ArrayList<>();
      for (long day : List.of(0L, 1L)) {
        days.add(new Document("since", new Date(day)).append("accounts", List.of(created)));
      }
      Document row = new Document("id", account.get()).append("pending", 1L);
      totals.add(new Document("accounts", List.of(row)).append("days", days));
    }
    assertThat(size(totals.document(Instant.EPOCH))).isLessThan(10_500_000);
    Document counts = new Document("accounts", CounterSnapshot.accounts(builder.build()));
    assertThat(size(counts)).isLessThan(2_000_000);
  }

  private static int size(Document document) {
    return new RawBsonDocument(document, new DocumentCodec()).getByteBuffer().remaining();
  }

  private static String id(Document row) {
    return Lenient.text(row.get("id")).orElse("");
  }

  private static List<Document> rows(AccountJobs totals) {
    return totals.document(Instant.EPOCH).getList("accounts", Document.class);
  }

  private static AccountJobs totals(PulsoFixture fixture) {
    AccountJobs totals = new AccountJobs();
    for (Document progress : fixture.db().progress().find(RefreshProgress.COUNTING)) {
      totals.add(Lenient.document(progress.get(AccountTotals.TOTALS)));
    }
    return totals;
  }

  private static Document snapshot(int number, int many, String suffix) {
    List<Document> accounts = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      accounts.add(
          new Document("id", "acc-" + i + suffix)
              .append("pending", 2L)
              .append("completed", 0L)
              .append("failed", 0L));
    }
    return new Document("_id", new Document("batch_id", "b" + number))
        .append("open_seq", Long.MAX_VALUE)
        .append("written", 1L)
        .append("token", 1L)
        .append("accounts", accounts);
  }
}

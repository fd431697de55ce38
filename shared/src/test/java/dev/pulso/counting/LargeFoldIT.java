package dev.pulso.counting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.PulsoFixture;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** A document has 16 MB at most, and the redo list of a fold is in one. */
class LargeFoldIT {
  private static final int SNAPSHOTS = 120;
  private static final int ACCOUNTS = 1_000;

  @Test
  void manyAccountsAreFoldedInParts() {
    try (PulsoFixture fixture = PulsoFixture.open()) {
      for (int i = 0; i < SNAPSHOTS; i++) {
        fixture.db().counterSnapshots().insertOne(snapshot(i));
      }
      Deadline deadline = Deadline.in(Duration.ofSeconds(60));
      RefreshProgress.Store progress = new RefreshProgress.Store(fixture.db(), ZoneOffset.UTC);
      new AccountTotals(fixture.db()).fold(progress.lease().orElseThrow(), deadline);
      assertThat(fixture.db().counterSnapshots().countDocuments(AccountTotals.open())).isZero();
      Document stored = fixture.db().progress().find().first();
      assertThat(stored).doesNotContainKey(AccountTotals.REDO);
      assertThat(
              stored.get(AccountTotals.TOTALS, Document.class).getList("accounts", Document.class))
          .hasSize(ACCOUNTS)
          .allSatisfy(account -> assertThat(account).containsEntry("pending", 2L * SNAPSHOTS));
    }
  }

  private static Document snapshot(int number) {
    List<Document> accounts = new ArrayList<>();
    for (int i = 0; i < ACCOUNTS; i++) {
      accounts.add(
          new Document("id", "acc-" + i + "x".repeat(150))
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

package dev.pulso.plans;

import static dev.pulso.fixture.Builders.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Accounts;
import dev.pulso.list.BatchList.Page;
import dev.pulso.list.BatchOrder;
import dev.pulso.list.BatchSelection;
import dev.pulso.list.ListQuery;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ListPlansIT {
  private static final int BATCHES = 2_000;
  private static final int ACCOUNTS = 20;
  private static final int UNCOUNTED = 5;
  private static final int LIMIT = 10;
  private static final Date LATER = Date.from(Instant.parse("9999-01-01T00:00:00Z"));

  private static final WatchedPulso WATCHED = new WatchedPulso();

  @BeforeAll
  static void upload() {
    Document[] batches = new Document[BATCHES];
    for (int i = 0; i < BATCHES; i++) {
      Document pulso = new Document("due_at", LATER);
      if (i >= UNCOUNTED) {
        pulso.append(
            "figures",
            new Document("total", 10L)
                .append("pending", (long) (i % 50))
                .append("cents", new Decimal128(i))
                .append("last_activity_at", new Date(i / 10)));
      }
      batches[i] =
          batch("b" + i)
              .append("account_id", "acc-" + i % ACCOUNTS)
              .append("created_at", new Date(i / 100))
              .append("pulso", pulso);
    }
    WATCHED.batches(batches);
  }

  @AfterAll
  static void close() {
    WATCHED.close();
  }

  @ParameterizedTest
  @EnumSource
  void pageIsReadFromIndexes(BatchOrder order) {
    Optional<String> cursor = Optional.empty();
    for (int page = 0; page < 3; page++) {
      cursor = check(Accounts.ALL, order, cursor, 4 * (LIMIT + 1 + UNCOUNTED));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NEWEST", "OLDEST"})
  void pageOfAccountReadsItsBatchesAlone(BatchOrder order) {
    Accounts one = Accounts.of(Set.of("acc-7"));
    check(one, order, check(one, order, Optional.empty(), LIMIT + 1), 4 * (LIMIT + 1));
  }

  @ParameterizedTest
  @EnumSource
  void pageOfAccountReadsAtMostItsBatchesInEachBranch(BatchOrder order) {
    Accounts one = Accounts.of(Set.of("acc-7"));
    check(one, order, Optional.empty(), 2 * BATCHES / ACCOUNTS + LIMIT * ACCOUNTS + 50);
  }

  @ParameterizedTest
  @EnumSource
  void largestPageNeedsNoSecondReply(BatchOrder order) {
    Page[] read = new Page[1];
    SentCommands sent =
        WATCHED.during(() -> read[0] = page(query(Accounts.ALL, order, 200, Optional.empty())));
    assertThat(sent.all()).extracting(BsonDocument::getFirstKey).doesNotContain("getMore");
    assertThat(read[0].rows()).hasSize(200);
  }

  /** Reads a page, and returns the cursor of the next one. */
  private static Optional<String> check(
      Accounts accounts, BatchOrder order, Optional<String> cursor, long most) {
    Page[] read = new Page[1];
    SentCommands sent = WATCHED.during(() -> read[0] = page(query(accounts, order, LIMIT, cursor)));
    assertThat(sent.all()).hasSizeBetween(1, 2);
    List<Plan> plans = sent.all().stream().map(WATCHED::plan).toList();
    assertThat(plans).allSatisfy(plan -> assertThat(plan.stages()).doesNotContain("COLLSCAN"));
    assertThat(plans.stream().mapToLong(Plan::documents).sum())
        .as(plans.toString())
        .isLessThanOrEqualTo(most);
    assertThat(read[0].rows()).hasSize(LIMIT);
    return read[0].next();
  }

  private static Page page(ListQuery query) {
    Deadline deadline = Deadline.in(Duration.ofSeconds(20));
    return WATCHED.pulso().services().list().page(query, deadline);
  }

  private static ListQuery query(
      Accounts accounts, BatchOrder order, int limit, Optional<String> cursor) {
    BatchSelection all = new BatchSelection(accounts, Set.of(), Optional.empty(), Optional.empty());
    return new ListQuery(all, order, limit, 0, cursor);
  }
}

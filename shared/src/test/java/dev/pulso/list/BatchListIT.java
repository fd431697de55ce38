package dev.pulso.list;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.call;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.pulso.access.Accounts;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Counted;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.list.BatchList.Page;
import dev.pulso.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchListIT extends BatchListWorld {
  private static final Date FUTURE = Date.from(Instant.parse("9999-01-01T00:00:00Z"));

  private static final Comparator<String> BINARY =
      Comparator.comparing(text -> text.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void walkShowsBatchesThatItsRecountsMove(int limit) {
    Document counted = new Document("due_at", FUTURE);
    inTime(
        end -> {
          fixture.batches(
              batch("a" + end).append("pulso", counted).append("pending_jobs", 10),
              batch("falls" + end).append("pending_jobs", 9),
              batch("b" + end).append("pulso", counted).append("pending_jobs", 5),
              batch("rises" + end).append("pending_jobs", 4),
              batch("new" + end).append("pending_jobs", 0));
          fixture.jobs(jobs(1, "falls" + end, "pending"));
          fixture.jobs(jobs(20, "rises" + end, "pending"));
          fixture.jobs(jobs(30, "new" + end, "pending"));
          List<Page> pages = pages(BatchOrder.PENDING, limit);
          return () -> {
            assertThat(pages).allMatch(page -> page.rows().size() <= limit);
            assertThat(pages).extracting(Page::next).doesNotHaveDuplicates();
            assertThat(pages)
                .flatExtracting(BatchListWorld::names)
                .containsExactlyInAnyOrder(
                    "a" + end, "falls" + end, "b" + end, "rises" + end, "new" + end);
          };
        });
  }

  /** Recounts move batches ahead: what they carry is too little. */
  @ParameterizedTest
  @EnumSource
  void walkShowsEachBatchOnceThatItRecounts(BatchOrder order) {
    Random random = new Random(20251127 + order.ordinal());
    OddBatches odd = new OddBatches(random);
    inTime(
        any -> {
          List<Document> jobs = new ArrayList<>();
          for (int i = 0; i < 60; i++) {
            Document batch = odd.next();
            if (random.nextBoolean()) {
              batch.remove("pulso");
              batch.append("pending_jobs", 0).append("total_cost", 0);
              for (int job = 0; job < random.nextInt(1, 6); job++) {
                jobs.add(
                    job(batch.getString("batch_id"), "pending")
                        .append("call_result", call(random.nextInt(600), 1)));
              }
            }
            insert(batch);
          }
          fixture.jobs(jobs);
          return walk(order, Accounts.ALL, odd, random)::assertWhole;
        });
  }

  /** Inserts and deletes between pages. */
  @ParameterizedTest
  @EnumSource
  void walkShowsEachBatchOnceInOrder(BatchOrder order) {
    Random random = new Random(20251015 + order.ordinal());
    OddBatches odd = new OddBatches(random);
    fixture.db().batches().insertMany(OddBatches.ofLoneIds());
    for (int walk = 0; walk < 3; walk++) {
      for (int i = 0; i < 60; i++) {
        insert(odd.next());
      }
      Accounts accounts = walk % 3 == 2 ? Accounts.of(Set.of(OddBatches.ACCOUNT)) : Accounts.ALL;
      Walk walked = walk(order, accounts, odd, random);
      walked.assertWhole();
      assertThat(walked.seen).as("%s %s", order, accounts).isSortedAccordingTo(shown(order));
    }
  }

  /** Rows in their order, and the ids of batches that were there all the while. */
  private record Walk(List<Counted> seen, Set<Object> lasting) {
    void assertWhole() {
      List<Object> ids = seen.stream().map(row -> row.batch().id()).toList();
      assertThat(ids).doesNotHaveDuplicates().containsAll(lasting);
    }
  }

  private Walk walk(BatchOrder order, Accounts accounts, OddBatches odd, Random random) {
    Set<Object> all = visible(accounts);
    Set<Object> lasting = new HashSet<>(all);
    List<Counted> seen = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Page page = page(order, accounts, random.nextInt(1, 30), 0, cursor);
      seen.addAll(page.rows());
      cursor = page.next();
      insert(odd.next());
      Object gone = all.stream().skip(random.nextInt(all.size())).findFirst().orElseThrow();
      fixture.db().batches().deleteOne(new Document("_id", gone));
      lasting.remove(gone);
    } while (cursor.isPresent());
    return new Walk(seen, lasting);
  }

  @Test
  void skipLeavesOutFirstRows() {
    for (int i = 0; i < 30; i++) {
      fixture.batches(batch("b" + i));
    }
    List<String> all = names(page(BatchOrder.NEWEST, Accounts.ALL, 30, 0, Optional.empty()));
    Page skipped = page(BatchOrder.NEWEST, Accounts.ALL, 10, 7, Optional.empty());
    assertThat(names(skipped)).isEqualTo(all.subList(7, 17));
    assertThat(names(page(BatchOrder.NEWEST, Accounts.ALL, 30, 0, skipped.next())))
        .isEqualTo(all.subList(17, 30));
    assertThat(page(BatchOrder.NEWEST, Accounts.ALL, 10, 40, Optional.empty()))
        .isEqualTo(new Page(List.of(), Optional.empty()));
  }

  @Test
  void lastPageHasNoNext() {
    fixture.batches(batch("a"), batch("b"));
    assertThat(page(BatchOrder.NEWEST, Accounts.ALL, 2, 0, Optional.empty()).next()).isEmpty();
    assertThat(page(BatchOrder.NEWEST, Accounts.ALL, 1, 0, Optional.empty()).next()).isPresent();
  }

  @Test
  void batchThatRefusesCountersHidesNoOther() {
    fixture.batches(batch("refused").append("name", 7), batch("b"));
    fixture.jobs(jobs(3, "refused", "pending"));
    fixture.jobs(jobs(2, "b", "pending"));
    Document isText = new Document("name", new Document("$not", new Document("$type", "int")));
    String collection = fixture.db().batches().getNamespace().getCollectionName();
    fixture
        .db()
        .database()
        .runCommand(new Document("collMod", collection).append("validator", isText));
    Eventually.answer(
        LONG,
        () -> page(BatchOrder.NEWEST, Accounts.ALL, 10, 0, Optional.empty()).rows(),
        rows ->
            rows.size() == 2
                && rows.stream()
                    .anyMatch(
                        row -> row.batch().name().equals("b") && row.counters().pending() == 2));
  }

  @Test
  void missingIndexesChangeNothing() {
    try (PulsoFixture bare = PulsoFixture.openBare()) {
      bare.batches(batch("b"), batch("a").append("created_at", "text"));
      ListQuery query = query(BatchOrder.OLDEST, Accounts.ALL, 5, 0, Optional.empty());
      assertThat(names(bare.pulso().services().list().page(query, Deadline.in(LONG))))
          .containsExactly("a", "b");
    }
  }

  private static Comparator<Counted> shown(BatchOrder order) {
    return switch (order) {
      case NEWEST -> byTime(row -> row.batch().time(BatchFields.CREATED_AT)).reversed();
      case OLDEST -> byTime(row -> row.batch().time(BatchFields.CREATED_AT));
      case NAME -> by(row -> row.batch().text(BatchFields.NAME), BINARY);
      case NAME_FALLING -> by(row -> row.batch().text(BatchFields.NAME), BINARY).reversed();
      case LAST_ACTIVITY -> byTime(row -> row.batch().lastActivityAt()).reversed();
      case PENDING -> Comparator.comparing((Counted row) -> row.counters().pending()).reversed();
      case COST -> Comparator.comparing((Counted row) -> row.counters().cost()).reversed();
    };
  }

  private static Comparator<Counted> byTime(Function<Counted, Optional<Instant>> shown) {
    return by(shown, Comparator.naturalOrder());
  }

  private static <T> Comparator<Counted> by(
      Function<Counted, Optional<T>> shown, Comparator<T> order) {
    return Comparator.comparing(row -> shown.apply(row).orElse(null), Comparator.nullsFirst(order));
  }

  private void insert(Document batch) {
    if (fixture.db().batches().find(new Document("_id", batch.get("_id"))).first() == null) {
      fixture.db().batches().insertOne(batch);
    }
  }

  private Set<Object> visible(Accounts accounts) {
    Set<Object> ids = new HashSet<>();
    for (Document batch : fixture.db().batches().find()) {
      if (accounts.only().isEmpty() || accounts.contains("" + batch.get("account_id"))) {
        ids.add(batch.get("_id"));
      }
    }
    return ids;
  }

  @Test
  void pageShowsAndSortsByWhatItRecounted() {
    inTime(
        end -> {
          fixture.batches(batch("few" + end).append("pending_jobs", 9), batch("many" + end));
          fixture.jobs(jobs(1, "few" + end, "pending"));
          fixture.jobs(jobs(3, "many" + end, "pending"));
          Page page = page(BatchOrder.PENDING, Accounts.ALL, 2, 0, Optional.empty());
          return () ->
              assertThat(page.rows())
                  .extracting(row -> row.batch().name(), row -> row.counters().pending())
                  .containsExactly(tuple("many" + end, 3L), tuple("few" + end, 1L));
        });
  }
}

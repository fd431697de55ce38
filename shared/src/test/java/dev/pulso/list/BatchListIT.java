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
    fixture.batches(
        batch("a").append("pulso", counted).append("pending_jobs", 10),
        batch("falls").append("pending_jobs", 9),
        batch("b").append("pulso", counted).append("pending_jobs", 5),
        batch("rises").append("pending_jobs", 4),
        batch("new").append("pending_jobs", 0));
    fixture.jobs(jobs(1, "falls", "pending"));
    fixture.jobs(jobs(20, "rises", "pending"));
    fixture.jobs(jobs(30, "new", "pending"));
    List<String> seen = new ArrayList<>();
    List<String> cursors = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Page page = page(BatchOrder.PENDING, Accounts.ALL, limit, 0, cursor);
      assertThat(page.rows()).hasSizeLessThanOrEqualTo(limit);
      seen.addAll(names(page));
      cursor = page.next();
      cursor.ifPresent(cursors::add);
    } while (cursor.isPresent());
    assertThat(cursors).doesNotHaveDuplicates();
    assertThat(seen).containsExactlyInAnyOrder("a", "falls", "b", "rises", "new");
  }

  /** Recounts move batches ahead: what they carry is too little. */
  @ParameterizedTest
  @EnumSource
  void walkShowsEachBatchOnceThatItRecounts(BatchOrder order) {
    Random random = new Random(20251127 + order.ordinal());
    OddBatches odd = new OddBatches(random);
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
    walk(order, Accounts.ALL, odd, random);
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
      assertThat(walk(order, accounts, odd, random))
          .as("%s %s", order, accounts)
          .isSortedAccordingTo(shown(order));
    }
  }

  private List<Counted> walk(BatchOrder order, Accounts accounts, OddBatches odd, Random random) {
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
    List<Object> ids = seen.stream().map(row -> row.batch().id()).toList();
    assertThat(ids).as("%s %s", order, accounts).doesNotHaveDuplicates().containsAll(lasting);
    return seen;
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
  void longNamesAreWalked() {
    String longest = "z".repeat(10_000);
    for (int i = 0; i < 4; i++) {
      fixture.batches(batch("b" + i).append("name", i < 3 ? longest : "a"));
    }
    for (BatchOrder order : List.of(BatchOrder.NAME, BatchOrder.NAME_FALLING)) {
      List<String> seen = new ArrayList<>();
      Optional<String> cursor = Optional.empty();
      do {
        Page page = page(order, Accounts.ALL, 1, 0, cursor);
        seen.addAll(names(page));
        cursor = page.next();
        assertThat(cursor.orElse("")).hasSizeLessThan(200);
      } while (cursor.isPresent());
      assertThat(seen).as("%s", order).hasSize(4).doesNotHaveDuplicates();
    }
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
    assertThat(page(BatchOrder.NEWEST, Accounts.ALL, 10, 0, Optional.empty()).rows())
        .extracting(row -> row.batch().name(), row -> row.counters().pending())
        .contains(tuple("b", 2L))
        .hasSize(2);
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

  private static List<String> names(Page page) {
    return page.rows().stream().map(row -> row.batch().name()).toList();
  }

  @Test
  void pageShowsAndSortsByWhatItRecounted() {
    fixture.batches(batch("few").append("pending_jobs", 9), batch("many"));
    fixture.jobs(jobs(1, "few", "pending"));
    fixture.jobs(jobs(3, "many", "pending"));
    Page page = page(BatchOrder.PENDING, Accounts.ALL, 2, 0, Optional.empty());
    assertThat(page.rows())
        .extracting(row -> row.batch().name(), row -> row.counters().pending())
        .containsExactly(tuple("many", 3L), tuple("few", 1L));
  }
}

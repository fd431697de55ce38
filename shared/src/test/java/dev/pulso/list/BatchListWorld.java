package dev.pulso.list;

import dev.pulso.access.Accounts;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.list.BatchList.Page;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;

/** A database with batches, and pages of them. */
abstract class BatchListWorld {
  static final Duration LONG = Duration.ofSeconds(20);

  @AutoClose final PulsoFixture fixture = PulsoFixture.open();

  /** Whether a page took so long that it may have given up its own counters. */
  private boolean mayBeLate;

  Page page(BatchOrder order, Accounts accounts, int limit, int skip, Optional<String> cursor) {
    return list(query(order, accounts, limit, skip, cursor));
  }

  Page list(ListQuery query) {
    long start = System.nanoTime();
    Page page = fixture.pulso().services().list().page(query, Deadline.in(LONG));
    mayBeLate |= System.nanoTime() - start >= IndependentWrites.UNHURRIED.toNanos();
    return page;
  }

  /** Reads page after page; gives up when the cursors lead nowhere. */
  List<Page> pages(BatchOrder order, int limit) {
    List<Page> pages = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      pages.add(page(order, Accounts.ALL, limit, 0, cursor));
      cursor = pages.getLast().next();
    } while (cursor.isPresent() && pages.size() < 100);
    return pages;
  }

  /**
   * Makes batches and reads pages, until no page may have given up its own counters, which would
   * move batches later. Then asserts.
   *
   * @param pages gets an end for the names of its batches, and returns the assertions
   */
  void inTime(Function<String, Runnable> pages) {
    AtomicInteger tries = new AtomicInteger();
    Eventually.answer(
            Duration.ofMinutes(2),
            () -> {
              mayBeLate = false;
              fixture.db().batches().deleteMany(new Document());
              return pages.apply("-" + tries.incrementAndGet());
            },
            any -> !mayBeLate)
        .run();
  }

  static ListQuery query(
      BatchOrder order, Accounts accounts, int limit, int skip, Optional<String> cursor) {
    BatchSelection selection =
        new BatchSelection(accounts, Set.of(), Optional.empty(), Optional.empty());
    return new ListQuery(selection, order, limit, skip, cursor);
  }

  static List<String> names(Page page) {
    return page.rows().stream().map(row -> row.batch().name()).toList();
  }
}

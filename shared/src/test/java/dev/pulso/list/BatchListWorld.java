package dev.pulso.list;

import dev.pulso.access.Accounts;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.list.BatchList.Page;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;

/** A database with batches, and pages of them. */
abstract class BatchListWorld {
  static final Duration LONG = Duration.ofSeconds(20);

  @AutoClose final PulsoFixture fixture = PulsoFixture.open();

  Page page(BatchOrder order, Accounts accounts, int limit, int skip, Optional<String> cursor) {
    return list(query(order, accounts, limit, skip, cursor));
  }

  Page list(ListQuery query) {
    return fixture.pulso().services().list().page(query, Deadline.in(LONG));
  }

  static ListQuery query(
      BatchOrder order, Accounts accounts, int limit, int skip, Optional<String> cursor) {
    BatchSelection selection =
        new BatchSelection(accounts, Set.of(), Optional.empty(), Optional.empty());
    return new ListQuery(selection, order, limit, skip, cursor);
  }
}

package dev.pulso.upkeep;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Unhurried.unhurried;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.Pulso;
import dev.pulso.batch.AuditLog;
import dev.pulso.batch.Batches;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.batch.Outbox;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.Db;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LostMarkersIT {
  private static final int A_PAGE = 20;
  private static final int A_RUN = 2 * A_PAGE;
  private static final Duration RUN = Duration.ofSeconds(50);

  private final PulsoFixture fixture = PulsoFixture.open();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Uses ids of two types, after more audit entries than a few runs check. */
  @Test
  void everyActiveBatchIsChecked() {
    List<Document> active = new ArrayList<>();
    for (int i = 0; i < 2 * A_RUN; i++) {
      active.add(batch("b" + i).append("_id", i < A_RUN ? (Object) i : "text " + i));
    }
    unhurried(fixture.db().batches()).insertMany(active);
    List<Document> entries = new ArrayList<>();
    for (int i = 0; i < 5 * A_RUN; i++) {
      entries.add(entry(-1 - i));
    }
    List<Object> lost = List.of(0, A_RUN - 1, "text " + A_RUN, "text " + (2 * A_RUN - 1));
    lost.forEach(id -> entries.add(entry(id)));
    unhurried(fixture.db().auditLog()).insertMany(entries);
    assertThat(run()).isBetween(1, lost.size() - 1);
    assertThat(run()).isPositive();
    assertThat(fixture.db().batches().countDocuments(new Document("is_active", false)))
        .isEqualTo(lost.size());
  }

  /** More than come in one batch of a cursor, for longer than one operation may take. */
  @Test
  void manyMarkersAreRestoredSlowly() {
    for (int i = 0; i < 110; i++) {
      fixture.db().auditLog().insertOne(entry(i));
      fixture.batches(batch("b" + i).append("_id", i));
    }
    try (Pulso slow = fixture.anotherWithUpdatesOf(Duration.ofMillis(40))) {
      assertThat(restore(slow.db(), 1_000)).isEqualTo(110);
    }
  }

  @Test
  void everyAuditedCancelIsChecked() {
    List<Document> entries = new ArrayList<>();
    for (int i = 0; i < A_RUN; i++) {
      entries.add(entry(i));
    }
    entries.add(entry("paused"));
    unhurried(fixture.db().auditLog()).insertMany(entries);
    fixture.batches(batch("b").append("_id", "paused").append("is_active", false));
    assertThat(run()).isZero();
    assertThat(run()).isEqualTo(1);
  }

  private static Document entry(Object batch) {
    return new Document("_id", new Document("action", "batch.cancelled").append("batch", batch))
        .append("action", "batch.cancelled")
        .append("at", new Date());
  }

  private int run() {
    return restore(fixture.db(), A_PAGE);
  }

  private static int restore(Db db, int pageSize) {
    CancellationMarkers markers =
        new CancellationMarkers(db, new Batches(db), new AuditLog(db), new Outbox(db));
    return new LostMarkers(db, new Pager(db, pageSize), markers).restore(Deadline.in(RUN));
  }
}

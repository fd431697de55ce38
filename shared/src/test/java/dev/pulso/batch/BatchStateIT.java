package dev.pulso.batch;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Unhurried.unhurried;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.PulsoFixture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.bson.types.Symbol;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class BatchStateIT {
  private static final int BATCHES = 4_000;
  private static final Date TIME = Date.from(Instant.parse("2025-01-15T10:30:00Z"));

  private static final List<String> FINISHED =
      List.of(BatchFields.COMPLETED_JOBS, BatchFields.FAILED_JOBS, BatchFields.SUSPENDED_JOBS);

  /** Values that other programs or a restore may leave anywhere. */
  private static final List<Object> ODD =
      Arrays.asList(
          null,
          true,
          false,
          "",
          "text",
          new Symbol("text"),
          TIME,
          -1,
          0,
          0.5,
          1L,
          3.7,
          Double.NaN,
          Double.POSITIVE_INFINITY,
          1e15,
          Decimal128.parse("0.999"),
          Decimal128.parse("2"),
          Decimal128.NaN,
          List.of(),
          List.of(true, 1, "text"),
          Arrays.asList(null, false, 0, ""),
          new Document("total", 1));

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();
  private final Random random = new Random(20251015);

  @Test
  void filterFindsWhatRuleSays() {
    List<Document> documents = new ArrayList<>();
    for (int id = 0; id < BATCHES; id++) {
      documents.add(oddBatch(id));
    }
    unhurried(fixture.db().batches()).insertMany(documents);
    Batches batches = new Batches(fixture.db());
    Map<BatchState, TreeSet<Object>> byRule = new TreeMap<>();
    Map<BatchState, TreeSet<Object>> byFilter = new TreeMap<>();
    for (Batch batch : batches.findSome(new Document(), BATCHES)) {
      BatchState state = BatchState.of(batch, batch.counters());
      byRule.computeIfAbsent(state, any -> new TreeSet<>()).add(batch.id());
    }
    for (BatchState state : BatchState.values()) {
      for (Batch batch : batches.findAll(state.filter(), BATCHES)) {
        assertThat(BatchState.of(batch, batch.counters())).as("chosen").isEqualTo(state);
        byFilter.computeIfAbsent(state, any -> new TreeSet<>()).add(batch.id());
      }
    }
    assertThat(byRule).containsOnlyKeys(BatchState.values());
    assertThat(byFilter).isEqualTo(byRule);
  }

  /** Uploaders write how many jobs there will be, before they insert them. */
  @Test
  void totalAloneCompletesNoActiveBatchBeforeRecount() {
    fixture.batches(
        batch("uploaded").append(BatchFields.TOTAL_JOBS, 10),
        batch("paused").append(BatchFields.TOTAL_JOBS, 10).append("is_active", false),
        batch("completed").append(BatchFields.TOTAL_JOBS, 10).append("completed_jobs", 10),
        batch("failed").append(BatchFields.TOTAL_JOBS, 10).append("failed_jobs", 4),
        batch("suspended").append(BatchFields.TOTAL_JOBS, 10).append("suspended_jobs", 1));
    assertThat(foundAs(BatchState.ACTIVE)).isOne();
    assertThat(foundAs(BatchState.COMPLETED)).isEqualTo(4);
    fixture.poll("uploaded");
    assertThat(foundAs(BatchState.ACTIVE)).isZero();
    assertThat(foundAs(BatchState.COMPLETED)).isEqualTo(5);
  }

  private long foundAs(BatchState state) {
    return new Batches(fixture.db()).count(state.filter());
  }

  private Document oddBatch(int id) {
    Document batch = new Document("_id", id);
    batch.append("batch_id", random.nextInt(8) == 0 ? id : "b" + id);
    put(batch, BatchFields.IS_ACTIVE, true, false);
    if (random.nextInt(4) == 0) {
      put(batch, BatchFields.CANCELLED_AT, TIME, null);
    }
    if (random.nextInt(3) == 0) {
      put(batch, BatchFields.CANCELLATION_REASON, "Cliente", "");
    }
    put(batch, BatchFields.TOTAL_JOBS, 10, 0);
    put(batch, BatchFields.PENDING_JOBS, 4, 0);
    for (String finished : FINISHED) {
      if (random.nextInt(3) == 0) {
        put(batch, finished, 3, 0);
      }
    }
    if (random.nextBoolean()) {
      Document figures = new Document();
      put(figures, "total", 10L, 0L);
      put(figures, "open", 4L, 0L);
      Document pulso = new Document();
      put(pulso, "figures", figures, figures);
      put(pulso, "due_at", TIME, TIME);
      put(batch, BatchFields.PULSO, pulso, List.of(pulso));
    }
    return batch;
  }

  /** Sets a usual value three times of four, else an odd one or none. */
  private void put(Document document, String field, Object one, Object other) {
    switch (random.nextInt(8)) {
      case 0 -> document.append(field, ODD.get(random.nextInt(ODD.size())));
      case 1 -> {}
      case 2, 3, 4 -> document.append(field, one);
      default -> document.append(field, other);
    }
  }
}

package dev.pulso.contract;

import dev.pulso.batch.JobStatus;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;

/**
 * Batches and jobs of every odd shape that databases collect over the years, generated from a seed.
 */
final class OddDocuments {
  static final List<String> ACCOUNTS = List.of("acc-a", "acc-b", "$acc", "nobody");

  private final Random random;
  private final Instant midnight;

  /** No index accepts a document with two arrays. */
  private boolean mayHaveArray;

  OddDocuments(Random random, Instant midnight) {
    this.random = random;
    this.midnight = midnight;
  }

  Document batch(int number) {
    Document batch = new Document("_id", new ObjectId());
    Object id =
        oneOf(
            () -> "batch-" + number,
            () -> "batch-" + number,
            () -> "batch-" + number,
            () -> "$batch." + number,
            () -> number,
            () -> null);
    if (id != null || random.nextBoolean()) {
      batch.append("batch_id", id);
    }
    maybe(
        batch,
        "account_id",
        () ->
            oneOf(
                () -> pick(ACCOUNTS),
                () -> pick(ACCOUNTS),
                () -> 5,
                () -> null,
                () -> ACCOUNTS.subList(0, 2)));
    maybe(
        batch,
        "is_active",
        () -> oneOf(() -> true, () -> true, () -> false, () -> "true", () -> 1));
    for (String counter :
        List.of("total_jobs", "pending_jobs", "completed_jobs", "failed_jobs", "suspended_jobs")) {
      maybe(
          batch,
          counter,
          () ->
              oneOf(
                  () -> random.nextInt(99),
                  () -> 7L,
                  () -> 8.0,
                  () -> "9",
                  () -> null,
                  () -> Double.NaN,
                  () -> new Decimal128(3)));
    }
    maybe(batch, "total_cost", this::figure);
    maybe(batch, "total_minutes", this::figure);
    maybe(batch, "created_at", this::time);
    maybe(batch, "started_at", this::time);
    return batch;
  }

  Document job(List<String> batchIds) {
    mayHaveArray = true;
    Document job = new Document();
    maybe(
        job,
        "batch_id",
        () ->
            oneOf(
                () -> pick(batchIds),
                () -> pick(batchIds),
                () -> pick(batchIds),
                () -> pick(batchIds),
                () -> pick(batchIds),
                () -> null,
                () -> 7,
                () -> array(pick(batchIds)),
                () -> array(1),
                () -> new Document("a", 1)));
    maybe(
        job,
        "account_id",
        () ->
            oneOf(
                () -> pick(ACCOUNTS),
                () -> pick(ACCOUNTS),
                () -> null,
                () -> 5,
                () -> array("acc-a")));
    maybe(job, "status", this::status);
    maybe(job, "created_at", this::time);
    maybe(job, "updated_at", this::time);
    maybe(job, "finished_at", this::time);
    if (random.nextBoolean()) {
      maybe(job, "call_result", this::callResult);
      maybe(job, "call_duration_seconds", this::figure);
    }
    mayHaveArray = false;
    return job;
  }

  Object status() {
    return oneOf(
        () -> pick(JobStatus.ALL),
        () -> pick(JobStatus.ALL),
        () -> pick(JobStatus.ALL),
        () -> pick(JobStatus.ALL),
        () -> "unheard_of",
        () -> null,
        () -> 5,
        () -> array("pending"));
  }

  Object callResult() {
    Document place = new Document();
    maybe(place, "duration_ms", this::figure);
    maybe(
        place,
        "call_cost",
        () -> oneOf(() -> new Document("combined_cost", figure()), () -> 5, () -> null));
    maybe(
        place,
        "summary",
        () -> {
          Document summary = new Document();
          maybe(summary, "duration_ms", this::figure);
          maybe(summary, "call_cost", () -> new Document("combined_cost", figure()));
          return summary;
        });
    return oneOf(() -> place, () -> place, () -> place, () -> place, () -> "ok", () -> null);
  }

  private Object figure() {
    return oneOf(
        () -> random.nextInt(100_000),
        () -> random.nextInt(100_000),
        () -> 100_000L,
        () -> random.nextInt(10_000) / 100.0,
        () -> random.nextInt(10_000) / 1000.0,
        () -> 0.1,
        () -> Decimal128.parse(random.nextInt(5_000) + ".25"),
        () -> -12.5,
        () -> null,
        () -> "12.5",
        () -> Double.NaN,
        () -> Double.POSITIVE_INFINITY,
        () -> Double.NEGATIVE_INFINITY,
        () -> Decimal128.NaN,
        () -> Decimal128.POSITIVE_INFINITY,
        () -> 1e300,
        () -> -1e18,
        () -> 1e-300,
        () -> Decimal128.parse("1E-6000"),
        () -> true,
        () -> array(5),
        () -> new Document("a", 5),
        () -> new Date(5),
        () -> Long.MAX_VALUE);
  }

  private Object array(Object element) {
    if (!mayHaveArray) {
      return new Document("element", element);
    }
    mayHaveArray = false;
    return List.of(element);
  }

  Object time() {
    return oneOf(
        () -> Date.from(midnight.plusSeconds(random.nextInt(80_000))),
        () -> Date.from(midnight.minusSeconds(random.nextInt(400_000))),
        () -> Date.from(midnight),
        () -> Date.from(midnight.minusMillis(1)),
        () -> Date.from(midnight.plusSeconds(900_000)),
        () -> null,
        () -> midnight.plusSeconds(5).toString(),
        () -> new BsonTimestamp(Integer.MAX_VALUE, 1),
        () -> 1_700_000_000_000L,
        () -> new Date(Long.MAX_VALUE),
        () -> new Date(Long.MIN_VALUE));
  }

  private void maybe(Document document, String field, Supplier<?> value) {
    if (random.nextInt(12) > 0) {
      document.append(field, value.get());
    }
  }

  private Object oneOf(Supplier<?>... values) {
    return values[random.nextInt(values.length)].get();
  }

  <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}

package dev.pulso.contract;

import static dev.pulso.fixture.Builders.set;

import dev.pulso.fixture.Builders;
import java.time.Instant;
import java.util.ArrayList;
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
final class OddPopulation {
  static final List<String> ACCOUNTS = List.of("acc-a", "acc-b", "$acc", "nobody");

  private static final List<String> STATUSES =
      List.of(
          "pending",
          "scheduled",
          "in_progress",
          "completed",
          "done",
          "failed",
          "suspended",
          "cancelled");

  private final Random random;
  private final ContractDatabase database;
  private final Instant midnight;
  private final List<String> batchIds = new ArrayList<>();

  /** No index accepts a document with two arrays. */
  private boolean mayHaveArray;

  OddPopulation(long seed, ContractDatabase database, Instant midnight) {
    this.random = new Random(seed);
    this.database = database;
    this.midnight = midnight;
  }

  void upload(int batches, int jobs) {
    for (int i = 0; i < batches; i++) {
      Document batch = batch(i);
      database.db().batches().insertOne(batch);
      if (batch.get("batch_id") instanceof String id) {
        batchIds.add(id);
      }
    }
    // The batch_id of one batch is the _id of another.
    String hex = database.db().batches().find().first().getObjectId("_id").toHexString();
    database.db().batches().insertOne(Builders.batch(hex));
    batchIds.add(hex);
    batchIds.add("deleted-1");
    batchIds.add("deleted-2");
    addJobs(jobs);
  }

  void addJobs(int count) {
    List<Document> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      mayHaveArray = true;
      jobs.add(job());
      mayHaveArray = false;
    }
    database.jobs(jobs);
  }

  /** Changes jobs like workers, restores and people do; only some of them set a timestamp. */
  void change(int times) {
    List<Document> jobs = database.db().jobs().find().into(new ArrayList<>());
    for (int i = 0; i < times; i++) {
      Document one = new Document("_id", pick(jobs).get("_id"));
      switch (random.nextInt(8)) {
        case 0 -> database.db().jobs().deleteOne(one);
        case 1 -> database.db().jobs().updateOne(one, set("batch_id", pick(batchIds)));
        case 2 -> database.db().jobs().updateOne(one, set("account_id", pick(ACCOUNTS)));
        case 3 -> database.db().jobs().updateOne(one, set("call_result", callResult()));
        case 4 -> database.db().jobs().updateOne(one, set("created_at", time()));
        case 5, 6 ->
            database
                .db()
                .jobs()
                .updateOne(
                    one,
                    new Document("$set", new Document("status", pick(STATUSES)))
                        .append("$currentDate", new Document("updated_at", true)));
        default -> database.db().jobs().updateOne(one, set("status", status()));
      }
    }
    database
        .db()
        .batches()
        .updateOne(
            new Document("batch_id", pick(batchIds)),
            new Document("$inc", new Document("total_cost", 1.5).append("completed_jobs", 3)));
    database
        .db()
        .batches()
        .updateOne(
            new Document("batch_id", pick(batchIds)), set("is_active", random.nextBoolean()));
    database.db().jobs().deleteMany(new Document("batch_id", pick(batchIds)));
    addJobs(times / 4);
  }

  private Document batch(int number) {
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

  private Document job() {
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
    return job;
  }

  private Object status() {
    return oneOf(
        () -> pick(STATUSES),
        () -> pick(STATUSES),
        () -> pick(STATUSES),
        () -> pick(STATUSES),
        () -> "unheard_of",
        () -> null,
        () -> 5,
        () -> array("pending"));
  }

  private Object callResult() {
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

  private Object time() {
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

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}

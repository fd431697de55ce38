package dev.pulso.bench.suite;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.Loader;
import dev.pulso.bench.lab.Samples;
import dev.pulso.functions.cancel.BatchCancelHandler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures a cancel against the usual single update, on separate batches; and the cost of Pulso's
 * indexes for writers of jobs.
 */
public final class CancelSuite {
  private static final int[] SIZES = {1_000, 10_000, 100_000, 200_000};
  private static final int ROUNDS = 6;
  private static final int INDEXED = 50_000;
  private static final List<String> WRITES =
      List.of(
          "upload, usual indexes",
          "upload, Pulso's three besides",
          "updateMany of its jobs, usual indexes",
          "updateMany of its jobs, Pulso's three besides");

  /** From this size on, throughput matters, not the round trips of a request. */
  private static final int LARGE = 100_000;

  private final Lab lab;

  public CancelSuite(Lab lab) {
    this.lab = lab;
  }

  public void run() {
    MongoDatabase database = fresh("cancel");
    lab.pulso(database).makeIndexes();
    BatchCancelHandler handler = new BatchCancelHandler(lab.pulso(database));
    Loader loader = new Loader(database);
    for (int size : SIZES) {
      if (size <= lab.jobs()) {
        against(database, handler, loader, size);
      }
    }
    database.drop();
    indexes((int) Math.min(lab.jobs(), INDEXED));
  }

  private void against(
      MongoDatabase database, BatchCancelHandler handler, Loader loader, int size) {
    List<Long> ours = new ArrayList<>();
    List<Long> theirs = new ArrayList<>();
    List<Integer> answers = new ArrayList<>();
    long left = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String our = "ours-%d-%d".formatted(size, round);
      String their = "theirs-%d-%d".formatted(size, round);
      loader.upload(our, size);
      loader.upload(their, size);
      Runnable cancel =
          () -> answers.add(handler.handleRequest(Events.cancel(our), null).getStatusCode());
      List<Runnable> turns =
          List.of(
              () -> ours.add(Samples.nanos(cancel)),
              () -> theirs.add(Samples.nanos(() -> singleUpdate(database, their))));
      (round % 2 == 0 ? turns : turns.reversed()).forEach(Runnable::run);
      left += waiting(database, our);
    }
    Samples mine = Samples.of(ours);
    Samples single = Samples.of(theirs);
    lab.report().row(size, "Pulso cancel", mine);
    lab.report().row(size, "single updateMany", single);
    boolean complete = answers.stream().allMatch(status -> status == 200) && left == 0;
    lab.report().must(size, "cancelled within the request, none left", complete);
    double ratio = single.median() / mine.median();
    String what = "throughput of a cancel against a single updateMany";
    if (size >= LARGE) {
      lab.report().atLeast(size, what, ratio, 1.2, "times");
    } else {
      lab.report().note(size, what, "%.2f times", ratio);
    }
  }

  private void indexes(int size) {
    MongoDatabase without = fresh("without");
    MongoDatabase with = fresh("with");
    lab.pulso(with).makeIndexes();
    Loader plain = new Loader(without);
    Loader indexed = new Loader(with);
    Map<String, List<Long>> times = new LinkedHashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      String batch = "upload-" + round;
      List<Long> took =
          List.of(
              plain.upload(batch, size),
              indexed.upload(batch, size),
              Samples.nanos(() -> singleUpdate(without, batch)),
              Samples.nanos(() -> singleUpdate(with, batch)));
      // The first round warms up.
      for (int i = 0; i < took.size() && round > 0; i++) {
        times.computeIfAbsent(WRITES.get(i), what -> new ArrayList<>()).add(took.get(i));
      }
    }
    times.forEach((what, all) -> lab.report().row(size, what, Samples.of(all)));
    without.drop();
    with.drop();
  }

  private MongoDatabase fresh(String name) {
    MongoDatabase database = lab.database(name);
    database.drop();
    new Loader(database).makeUsualIndexes();
    return database;
  }

  private static void singleUpdate(MongoDatabase database, String batchId) {
    database
        .getCollection("batches")
        .updateOne(
            Filters.eq("batch_id", batchId),
            Updates.combine(
                Updates.set("is_active", false),
                Updates.currentDate("completed_at"),
                Updates.currentDate("updated_at")));
    database
        .getCollection("jobs")
        .updateMany(
            Filters.and(
                Filters.eq("batch_id", batchId), Filters.in("status", "pending", "scheduled")),
            Updates.combine(
                Updates.set("status", "cancelled"),
                Updates.set("cancellation_reason", "Batch cancelled"),
                Updates.currentDate("updated_at")));
  }

  private static long waiting(MongoDatabase database, String batchId) {
    return database
        .getCollection("jobs")
        .countDocuments(
            Filters.and(Filters.eq("batch_id", batchId), Filters.ne("status", "cancelled")));
  }
}

package dev.pulso.bench.batches;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.pulso.Pulso;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.measure.Samples;
import dev.pulso.bench.report.Finding;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import dev.pulso.upkeep.UpkeepReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bson.Document;

/** Very many small batches, all active: overviews, while upkeep counts the hundred that changed. */
public final class BatchesSuite {
  private static final String SUITE = "batches";
  private static final int JOBS_PER_BATCH = 20;
  private static final int CHANGED = 100;
  private static final int CHUNK = 1_000;
  private static final int RUNS = 10;
  private static final Duration BUDGET = Duration.ofSeconds(28);

  private final Lab lab;
  private MongoDatabase database;

  public BatchesSuite(Lab lab) {
    this.lab = lab;
  }

  /**
   * Measures it.
   *
   * @param jobs all jobs, twenty to a batch
   */
  public void run(long jobs) {
    int batches = (int) (jobs / JOBS_PER_BATCH);
    lab.title("%,d active batches of %d jobs".formatted(batches, JOBS_PER_BATCH));
    database = lab.database("batches");
    database.drop();
    insert(batches);
    Pulso pulso = lab.pulso(database);
    pulso.makeIndexes();
    countAll(pulso);
    List<Long> runs = new ArrayList<>();
    Samples overviews = overviewsWhile(pulso, () -> runs.addAll(upkeep(pulso, batches)));
    Samples upkeep = Samples.of(runs.stream().mapToLong(Long::longValue).toArray());
    lab.report().add(SUITE, jobs, "Pulso overview while upkeep runs", overviews);
    lab.report().add(SUITE, jobs, "upkeep, 100 changed batches", upkeep);
    lab.report().add(Finding.atMost(SUITE, jobs, "overview, median", overviews.median(), 30, "ms"));
    lab.report()
        .add(Finding.atMost(SUITE, jobs, "overview, p99", overviews.percentile(99), 500, "ms"));
    lab.report().add(Finding.atMost(SUITE, jobs, "upkeep, median", upkeep.median(), 1_000, "ms"));
    lab.report().add(Finding.must(SUITE, jobs, "overview is exact", isExact(pulso, jobs, batches)));
  }

  private void insert(int batches) {
    for (int from = 0; from < batches; from += CHUNK) {
      List<Document> chunk = new ArrayList<>();
      List<Document> jobs = new ArrayList<>();
      for (int i = from; i < Math.min(from + CHUNK, batches); i++) {
        Date now = new Date();
        String account = "acc-%03d".formatted(i % 20);
        chunk.add(
            new Document("batch_id", "b" + i)
                .append("account_id", account)
                .append("name", "Campaña " + i)
                .append("is_active", true)
                .append("created_at", now));
        for (int j = 0; j < JOBS_PER_BATCH; j++) {
          jobs.add(
              new Document("batch_id", "b" + i)
                  .append("account_id", account)
                  .append("status", j % 2 == 0 ? "pending" : "done")
                  .append("call_duration_seconds", 60)
                  .append("created_at", now));
        }
      }
      database.getCollection("batches").insertMany(chunk);
      database.getCollection("jobs").insertMany(jobs);
    }
  }

  private static void countAll(Pulso pulso) {
    UpkeepReport report = pulso.runUpkeep(BUDGET);
    while (report.groupsRecounted() == 0 || report.groupsUncounted() > 0) {
      report = pulso.runUpkeep(BUDGET);
    }
    pulso.runUpkeep(BUDGET);
  }

  private List<Long> upkeep(Pulso pulso, int batches) {
    List<Long> took = new ArrayList<>();
    for (int run = 0; run < RUNS; run++) {
      change(run, batches);
      long begun = System.nanoTime();
      pulso.runUpkeep(BUDGET);
      took.add(System.nanoTime() - begun);
    }
    return took;
  }

  private void change(int run, int batches) {
    for (int i = 0; i < CHANGED; i++) {
      database
          .getCollection("jobs")
          .updateOne(
              Filters.and(
                  Filters.eq("batch_id", "b" + (run * CHANGED + i) % batches),
                  Filters.eq("status", "pending")),
              Updates.combine(Updates.set("status", "done"), Updates.currentDate("updated_at")));
    }
  }

  private static Samples overviewsWhile(Pulso pulso, Runnable work) {
    AtomicBoolean isOver = new AtomicBoolean();
    List<Long> took = new ArrayList<>();
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!isOver.get()) {
                    long begun = System.nanoTime();
                    pulso.overview().overview(View.ALL, Deadline.in(BUDGET));
                    took.add(System.nanoTime() - begun);
                  }
                });
    try {
      work.run();
      isOver.set(true);
      caller.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      isOver.set(true);
    }
    return Samples.of(took.stream().mapToLong(Long::longValue).toArray());
  }

  private boolean isExact(Pulso pulso, long jobs, int batches) {
    var overview = pulso.overview().overview(View.ALL, Deadline.in(BUDGET));
    long pending = database.getCollection("jobs").countDocuments(Filters.eq("status", "pending"));
    return overview.batches().active() == batches
        && overview.batches().totalJobs() == (long) batches * JOBS_PER_BATCH
        && overview.jobs().pending() == pending;
  }
}

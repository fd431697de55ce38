package dev.pulso.bench.suite;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.pulso.Pulso;
import dev.pulso.bench.lab.Installation;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.Loader;
import dev.pulso.bench.lab.Samples;
import dev.pulso.bench.lab.ServerUsage;
import dev.pulso.overview.Overview;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/**
 * Very many small active batches: one Pulso answers overviews while another one counts the hundred
 * batches that changed. Every job is older than an hour, so nothing else counts as changed.
 */
public final class BatchesSuite {
  private static final int JOBS_PER_BATCH = 20;
  private static final int ACCOUNTS = 20;
  private static final int CHANGED = 100;
  private static final Duration BUDGET = Duration.ofSeconds(50);
  private static final long PAUSE_MS = 50;

  private final Lab lab;
  private final int batches;
  private final MongoDatabase database;

  public BatchesSuite(Lab lab) {
    this.lab = lab;
    this.batches = (int) (lab.jobs() / JOBS_PER_BATCH);
    this.database = lab.database("batches_" + lab.jobs());
  }

  public void run() {
    Instant uploaded = Instant.now().minus(Duration.ofHours(1));
    new Loader(database).load(new Installation(lab.jobs(), batches, ACCOUNTS, uploaded), lab);
    database
        .getCollection("batches")
        .updateMany(Filters.ne("is_active", true), Updates.set("is_active", true));
    Pulso counting = lab.pulso(database);
    counting.makeIndexes();
    do {
      lab.say("upkeep: %s", counting.runUpkeep(BUDGET));
    } while (!overview(counting).isComplete());

    Pulso asking = lab.pulso(database);
    lab.inTurn(lab.jobs())
        .with("Pulso overview", () -> overview(asking))
        .with("one $group over active batches", this::group)
        .run();
    double before = ServerUsage.of(lab.client()).cpuSeconds();
    List<Long> alone = upkeeps(counting);
    double cpu = ServerUsage.of(lab.client()).cpuSeconds() - before;
    row("Pulso upkeep, 100 changed batches, alone", alone);
    String what = "processor time of mongod for an upkeep";
    lab.report().note(lab.jobs(), what, "%.0f ms", 1e3 * cpu / alone.size());
    together(asking, counting);
    lab.report().must(lab.jobs(), "overview is exact", isExact(overview(asking)));
    newDay(asking);
  }

  private void together(Pulso asking, Pulso counting) {
    CountDownLatch over = new CountDownLatch(1);
    CompletableFuture<List<Long>> asked =
        CompletableFuture.supplyAsync(() -> overviewsUntil(over, asking));
    List<Long> runs;
    try {
      runs = upkeeps(counting);
    } finally {
      over.countDown();
    }
    Samples overviews = row("Pulso overview while upkeep runs", asked.join());
    Samples upkeep = row("Pulso upkeep, 100 changed batches", runs);
    lab.report().atMost(lab.jobs(), "overview, median", overviews.median(), 30, "ms");
    lab.report().atMost(lab.jobs(), "overview, p99", overviews.percentile(99), 500, "ms");
    lab.report().atMost(lab.jobs(), "upkeep, median", upkeep.median(), 1_000, "ms");
    long heapMb = Runtime.getRuntime().maxMemory() >> 20;
    lab.report().note(lab.jobs(), "heap of all this", "%d MB", heapMb);
  }

  /** Simulates the time right after midnight: no refresh has counted the day. */
  private void newDay(Pulso asking) {
    Instant midnight = Instant.now().truncatedTo(ChronoUnit.DAYS);
    Date before = Date.from(midnight.minus(Duration.ofDays(1)));
    database
        .getCollection("pulso_progress")
        .updateOne(Filters.eq("_id", "counting"), Updates.set("looks.UTC.day", before));
    long begun = System.nanoTime();
    long today = overview(asking).jobs().today();
    row("Pulso overview, the first one of a day", List.of(System.nanoTime() - begun));
    long truth = count(new Document("created_at", new Document("$gte", midnight)));
    lab.report().must(lab.jobs(), "jobs of today, the day not counted yet", today == truth);
  }

  private Samples row(String what, List<Long> times) {
    Samples samples = Samples.of(times);
    lab.report().row(lab.jobs(), what, samples);
    return samples;
  }

  private List<Long> upkeeps(Pulso pulso) {
    List<Long> took = new ArrayList<>();
    for (int run = 0; run < (lab.isTrial() ? 2 : 20); run++) {
      change(run % 2 == 0 ? "done" : "pending");
      took.add(Samples.nanos(() -> pulso.runUpkeep(BUDGET)));
    }
    return took;
  }

  /**
   * Changes one job in each of a hundred batches, always the same ones: others would be recounted
   * too.
   */
  private void change(String status) {
    for (int i = 0; i < CHANGED; i++) {
      int batch = (int) ((long) i * batches / CHANGED);
      database
          .getCollection("jobs")
          .updateOne(
              Filters.eq("batch_id", Installation.batchId(batch)),
              Updates.combine(Updates.set("status", status), Updates.currentDate("updated_at")));
    }
  }

  private static List<Long> overviewsUntil(CountDownLatch over, Pulso pulso) {
    List<Long> took = new ArrayList<>();
    try {
      do {
        took.add(Samples.nanos(() -> overview(pulso)));
      } while (!over.await(PAUSE_MS, TimeUnit.MILLISECONDS));
      return took;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static Overview overview(Pulso pulso) {
    return pulso.services().overview().overview(View.ALL, Deadline.in(BUDGET));
  }

  private void group() {
    database
        .getCollection("batches")
        .aggregate(
            List.of(
                Aggregates.match(Filters.eq("is_active", true)),
                Aggregates.group(
                    null,
                    Accumulators.sum("n", 1),
                    Accumulators.sum("jobs", "$total_jobs"),
                    Accumulators.sum("cost", "$total_cost"),
                    Accumulators.sum("minutes", "$total_minutes"))))
        .first();
  }

  private boolean isExact(Overview overview) {
    Document inBatches = new Document("batch_id", new Document("$gte", ""));
    return overview.batches().active() == batches
        && overview.batches().totalJobs() == count(inBatches)
        && overview.jobs().pending() == count(new Document("status", "pending"));
  }

  private long count(Document filter) {
    return database.getCollection("jobs").countDocuments(filter);
  }
}

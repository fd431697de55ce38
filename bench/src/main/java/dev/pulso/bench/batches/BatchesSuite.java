package dev.pulso.bench.batches;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.pulso.Pulso;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.ServerCpu;
import dev.pulso.bench.load.Installation;
import dev.pulso.bench.load.Loader;
import dev.pulso.bench.measure.Contender;
import dev.pulso.bench.measure.Samples;
import dev.pulso.bench.report.Finding;
import dev.pulso.overview.Overview;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import dev.pulso.upkeep.UpkeepReport;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/**
 * Very many small batches, all active: overviews of one process, while another counts the hundred
 * batches that changed. Every job is older than an hour, so nothing else changed.
 */
public final class BatchesSuite {
  private static final String SUITE = "batches";
  private static final int JOBS_PER_BATCH = 20;
  private static final int ACCOUNTS = 20;
  private static final int CHANGED = 100;
  private static final int RUNS = 20;
  private static final int TRIAL_RUNS = 2;
  private static final Duration BUDGET = Duration.ofSeconds(50);
  private static final Duration BETWEEN_OVERVIEWS = Duration.ofMillis(50);
  private static final long MEGABYTE = 1 << 20;

  private final Lab lab;
  private MongoDatabase database;

  public BatchesSuite(Lab lab) {
    this.lab = lab;
  }

  /**
   * Measures it.
   *
   * @param jobs all jobs, twenty to a batch in the mean
   */
  public void run(long jobs) {
    int batches = (int) (jobs / JOBS_PER_BATCH);
    lab.title("%,d active batches, %,d jobs".formatted(batches, jobs));
    database = lab.database("batches_" + jobs);
    Instant uploaded = Instant.now().minus(Duration.ofHours(1));
    new Loader(database, lab.out()).load(new Installation(jobs, batches, ACCOUNTS, uploaded));
    database
        .getCollection("batches")
        .updateMany(Filters.ne("is_active", true), Updates.set("is_active", true));
    Pulso counting = lab.pulso(database);
    counting.makeIndexes();
    countAll(counting);

    Pulso asking = lab.pulso(database);
    lab.report()
        .add(
            SUITE,
            jobs,
            lab.inTurn(jobs)
                .run(
                    List.of(
                        new Contender("Pulso overview", () -> overview(asking)),
                        new Contender("one $group over active batches", this::group))));
    ServerCpu server = new ServerCpu(lab.client());
    double before = server.now().cpuSeconds();
    List<Long> alone = new ArrayList<>();
    upkeep(counting, jobs, batches, alone);
    double cpuMs = (server.now().cpuSeconds() - before) * 1e3 / alone.size();
    lab.report().add(SUITE, jobs, "Pulso upkeep, 100 changed batches, alone", samples(alone));
    lab.report()
        .add(
            Finding.note(
                SUITE, jobs, "processor time of mongod for an upkeep", "%.0f ms".formatted(cpuMs)));
    List<Long> runs = new ArrayList<>();
    Samples overviews = overviewsWhile(asking, () -> upkeep(counting, jobs, batches, runs));
    Samples upkeep = samples(runs);
    lab.report().add(SUITE, jobs, "Pulso overview while upkeep runs", overviews);
    lab.report().add(SUITE, jobs, "Pulso upkeep, 100 changed batches", upkeep);
    findings(jobs, overviews, upkeep);
    lab.report()
        .add(Finding.must(SUITE, jobs, "overview is exact", isExact(overview(asking), batches)));
    newDay(asking, jobs);
  }

  /** As right after a midnight: no refresh has counted the day yet. */
  private void newDay(Pulso asking, long jobs) {
    Instant midnight = Instant.now().truncatedTo(ChronoUnit.DAYS);
    Date before = Date.from(midnight.minus(Duration.ofDays(1)));
    database
        .getCollection("pulso_progress")
        .updateOne(Filters.eq("_id", "counting"), Updates.set("looks.UTC.day", before));
    long begun = System.nanoTime();
    long today = overview(asking).jobs().today();
    lab.report()
        .add(
            SUITE,
            jobs,
            "Pulso overview, the first one of a day",
            samples(List.of(System.nanoTime() - begun)));
    lab.report()
        .add(
            Finding.must(
                SUITE,
                jobs,
                "jobs of today, the day not counted yet",
                today == count(new Document("created_at", new Document("$gte", midnight)))));
  }

  private void findings(long jobs, Samples overviews, Samples upkeep) {
    lab.report().add(Finding.atMost(SUITE, jobs, "overview, median", overviews.median(), 30, "ms"));
    lab.report()
        .add(Finding.atMost(SUITE, jobs, "overview, p99", overviews.percentile(99), 500, "ms"));
    lab.report().add(Finding.atMost(SUITE, jobs, "upkeep, median", upkeep.median(), 1_000, "ms"));
    lab.report()
        .add(
            Finding.note(
                SUITE,
                jobs,
                "heap of all this",
                Runtime.getRuntime().maxMemory() / MEGABYTE + " MB"));
  }

  private void countAll(Pulso pulso) {
    UpkeepReport report;
    do {
      report = pulso.runUpkeep(BUDGET);
      lab.out()
          .printf(
              "upkeep: %.1f s, %,d groups counted, %,d left%n",
              report.took().toMillis() / 1e3, report.groupsRecounted(), report.groupsUncounted());
    } while (!overview(pulso).isComplete());
  }

  private void upkeep(Pulso pulso, long jobs, int batches, List<Long> took) {
    int runs = lab.isTrial(jobs) ? TRIAL_RUNS : RUNS;
    for (int run = 0; run < runs; run++) {
      change(run % 2 == 0 ? "done" : "pending", batches);
      long begun = System.nanoTime();
      pulso.runUpkeep(BUDGET);
      took.add(System.nanoTime() - begun);
    }
  }

  /** One job of each of a hundred batches, always the same: others would be counted again too. */
  private void change(String status, int batches) {
    for (int i = 0; i < CHANGED; i++) {
      int batch = (int) ((long) i * batches / CHANGED);
      database
          .getCollection("jobs")
          .updateOne(
              Filters.eq("batch_id", Installation.batchId(batch)),
              Updates.combine(Updates.set("status", status), Updates.currentDate("updated_at")));
    }
  }

  private static Samples overviewsWhile(Pulso pulso, Runnable work) {
    CountDownLatch over = new CountDownLatch(1);
    List<Long> took = new ArrayList<>();
    Thread caller = Thread.ofPlatform().start(() -> askUntil(over, pulso, took));
    try {
      work.run();
      over.countDown();
      caller.join();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      over.countDown();
    }
    return samples(took);
  }

  private static void askUntil(CountDownLatch over, Pulso pulso, List<Long> took) {
    try {
      do {
        long begun = System.nanoTime();
        overview(pulso);
        took.add(System.nanoTime() - begun);
      } while (!over.await(BETWEEN_OVERVIEWS.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", e);
  }

  private static Samples samples(List<Long> times) {
    return Samples.of(times.stream().mapToLong(Long::longValue).toArray());
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

  private boolean isExact(Overview overview, int batches) {
    Document inBatches = new Document("batch_id", new Document("$gte", ""));
    return overview.batches().active() == batches
        && overview.batches().totalJobs() == count(inBatches)
        && overview.jobs().pending() == count(new Document("status", "pending"));
  }

  private long count(Document filter) {
    return database.getCollection("jobs").countDocuments(filter);
  }
}

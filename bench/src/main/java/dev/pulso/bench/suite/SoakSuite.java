package dev.pulso.bench.suite;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import dev.pulso.Pulso;
import dev.pulso.batch.Batches;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.Report;
import dev.pulso.bench.lab.Samples;
import dev.pulso.bench.suite.Crowd.Phase;
import dev.pulso.functions.status.BatchStatusHandler;
import java.time.Duration;
import java.util.List;

/**
 * Two hundred users poll while two hundred jobs per second change in a hundred batches. The cost of
 * recounting is the difference in mongod's own processor time to the same reads and writes without
 * recounting.
 */
public final class SoakSuite {
  private static final int BATCHES = 100;
  private static final int POLLERS = 200;
  private static final Duration LENGTH = Duration.ofMinutes(10);
  private static final Duration PLAIN = Duration.ofMinutes(2);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Lab lab;

  public SoakSuite(Lab lab) {
    this.lab = lab;
  }

  /** Runs with recounting, after a shorter time without. */
  public void run() {
    MongoDatabase database = lab.database("soak");
    Crowd crowd = new Crowd(lab, database, BATCHES, LENGTH.plus(PLAIN));
    List<String> ids = List.copyOf(crowd.batches().keySet());
    Pulso pulso = lab.pulso(database);
    pulso.makeIndexes();
    BatchStatusHandler handler = new BatchStatusHandler(pulso);

    Phase without = crowd.during(PLAIN, POLLERS, SECOND, i -> read(database, ids.get(i % BATCHES)));
    SoakAnswers answers =
        new SoakAnswers(crowd.batches(), POLLERS * ((int) LENGTH.toSeconds() + 2), 1);
    Phase with =
        crowd.during(
            LENGTH,
            POLLERS,
            SECOND,
            i ->
                answers.ask(
                    () -> handler.handleRequest(Events.status(ids.get(i % BATCHES)), null)));
    report(crowd.jobs(), without, with, answers);
    database.drop();
  }

  private static void read(MongoDatabase database, String batchId) {
    database
        .getCollection("batches")
        .find(Filters.eq("batch_id", batchId))
        .projection(Batches.POLLED)
        .first();
  }

  private void report(long jobs, Phase without, Phase with, SoakAnswers answers) {
    Report report = lab.report();
    Samples staleness = answers.staleness();
    report.row(jobs, "Pulso status among 200 pollers", answers.latencies());
    report.note(jobs, "polls, job changes", "%d, %d", staleness.sorted().length, with.changes());
    report.note(jobs, "staleness p50", "%.2f s", staleness.median() / 1e3);
    report.atMost(jobs, "staleness p99", staleness.percentile(99) / 1e3, 5, "s");
    report.note(jobs, "staleness, greatest", "%.2f s", staleness.percentile(100) / 1e3);
    report.atMost(jobs, "errors", answers.errors(), 0, "errors");
    double before = 100 * without.coreShare();
    double share = 100 * with.coreShare();
    report.atMost(jobs, "recounting, of one core of mongod", share - before, 25, "%");
    String what = "mongod in all, without and with recounting";
    report.note(jobs, what, "%.0f %% and %.0f %% of a core", before, share);
    report.note(jobs, "live heap over the time", "%s MB", with.heapMb());
    report.note(jobs, "mongod's memory over the time", "%s MB", with.mongodMb());
  }
}

package dev.pulso.bench.suite;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Sorts;
import dev.pulso.Pulso;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.Report;
import dev.pulso.bench.lab.Samples;
import dev.pulso.bench.suite.Crowd.Phase;
import dev.pulso.functions.list.BatchListHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bson.Document;

/**
 * Fifty people watch the same page of two hundred batches, in which two hundred jobs per second
 * change. The cost of recounting is the difference in mongod's own processor time to the driver's
 * find of the same page.
 */
public final class ListSuite {
  private static final int WATCHERS = 50;
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Lab lab;
  private final int batches;
  private final Duration length;

  public ListSuite(Lab lab) {
    this.lab = lab;
    this.batches = lab.isTrial() ? 20 : 200;
    this.length = lab.isTrial() ? PAUSE : Duration.ofMinutes(2);
  }

  public void run() {
    Duration plainLength = length.dividedBy(4);
    MongoDatabase database = lab.database("list");
    Crowd crowd = new Crowd(lab, database, batches, length.plus(plainLength));
    Pulso pulso = lab.pulso(database);
    pulso.makeIndexes();
    BatchListHandler handler = new BatchListHandler(pulso);

    Queue<Long> finds = new ConcurrentLinkedQueue<>();
    MongoCollection<Document> stored = database.getCollection("batches");
    Phase without =
        crowd.during(
            plainLength, WATCHERS, PAUSE, i -> finds.add(Samples.nanos(() -> find(stored))));
    int answersOfEach = (int) length.dividedBy(PAUSE) + 2;
    SoakAnswers answers = new SoakAnswers(crowd.batches(), WATCHERS * answersOfEach, batches);
    Phase with =
        crowd.during(
            length,
            WATCHERS,
            PAUSE,
            i -> answers.ask(() -> handler.handleRequest(Events.list("limit=200"), null)));
    report(crowd.jobs(), without, with, Samples.of(new ArrayList<>(finds)), answers);
    database.drop();
  }

  private static void find(MongoCollection<Document> batches) {
    batches.find().sort(Sorts.descending("created_at")).limit(200).into(new ArrayList<>());
  }

  private void report(long jobs, Phase without, Phase with, Samples finds, SoakAnswers answers) {
    Report report = lab.report();
    Samples staleness = answers.staleness();
    report.row(jobs, "Pulso list among 50 watchers", answers.latencies());
    report.row(jobs, "the driver's find of the same page", finds);
    report.note(jobs, "rows, job changes", "%d, %d", staleness.sorted().length, with.changes());
    report.note(jobs, "staleness p50", "%.2f s", staleness.median() / 1e3);
    report.note(jobs, "staleness p99", "%.2f s", staleness.percentile(99) / 1e3);
    report.atMost(jobs, "staleness, greatest", staleness.percentile(100) / 1e3, 10, "s");
    report.atMost(jobs, "errors", answers.errors(), 0, "errors");
    String what = "mongod in all, without and with recounting";
    report.note(
        jobs,
        what,
        "%.0f %% and %.0f %% of a core",
        100 * without.coreShare(),
        100 * with.coreShare());
  }
}

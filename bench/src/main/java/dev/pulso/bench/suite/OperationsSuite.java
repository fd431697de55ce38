package dev.pulso.bench.suite;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import dev.pulso.Pulso;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Installation;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.Loader;
import dev.pulso.bench.lab.Samples;
import dev.pulso.bench.process.Api;
import dev.pulso.functions.operations.BatchOperationsHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.bson.Document;

/**
 * Measures operations on many batches beside an installation: a dry run, and the cancel of an
 * account while somebody polls and one client asks each second how far it is.
 */
public final class OperationsSuite {
  private static final String PATH = "/api/v1/batch-operations";
  private static final String OF_DRY_RUN = "acc-bench-dry-run";
  private static final String OF_CANCEL = "acc-bench-cancel";
  private static final int JOBS_PER_BATCH = 50;
  private static final Pattern ID = Pattern.compile("\"operation_id\":\"([0-9a-f]{24})\"");
  private static final Duration UPKEEP_BUDGET = Duration.ofSeconds(47);

  /** The client's next question, once it has an answer. */
  private static final long PAUSE_MS = 1_000;

  private final Lab lab;
  private final MongoDatabase database;
  private final int selected;
  private final int cancelled;

  public OperationsSuite(Lab lab) {
    this.lab = lab;
    this.database = lab.installation(lab.jobs());
    this.selected = lab.isTrial() ? 50 : 5_000;
    this.cancelled = lab.isTrial() ? 20 : 2_000;
  }

  public void run() {
    Pulso pulso = lab.pulso(database);
    pulso.makeIndexes();
    upload();
    while (pulso.runUpkeep(UPKEEP_BUDGET).groupsUncounted() > 0) {
      lab.say("counting");
    }
    dryRun(new BatchOperationsHandler(pulso));
    cancel();
  }

  private void upload() {
    for (String account : List.of(OF_DRY_RUN, OF_CANCEL)) {
      batches().deleteMany(Filters.eq("account_id", account));
    }
    jobs().deleteMany(Filters.regex("batch_id", "^" + OF_CANCEL));
    batches().insertMany(IntStream.range(0, selected).mapToObj(i -> batch(OF_DRY_RUN, i)).toList());
    Loader loader = new Loader(database);
    for (int i = 0; i < cancelled; i++) {
      loader.upload(batchId(OF_CANCEL, i), JOBS_PER_BATCH);
    }
    batches()
        .updateMany(
            Filters.regex("batch_id", "^" + OF_CANCEL),
            new Document("$set", new Document("account_id", OF_CANCEL)));
  }

  private static Document batch(String account, int number) {
    return new Document("batch_id", batchId(account, number))
        .append("account_id", account)
        .append("name", "Campaña " + number)
        .append("is_active", number % 2 == 0)
        .append("total_jobs", 10)
        .append("pending_jobs", 10);
  }

  private static String batchId(String account, int number) {
    return "%s-%05d".formatted(account, number);
  }

  private void dryRun(BatchOperationsHandler handler) {
    String body = body(OF_DRY_RUN, "\"dry_run\":true");
    Map<String, Samples> times =
        lab.inTurn(lab.jobs())
            .with(
                "Pulso dry run over %,d batches".formatted(selected),
                () -> handler.handleRequest(Events.json("POST", PATH, body), null))
            .with("driver find of these batches, five fields", this::find)
            .run();
    double median = times.values().iterator().next().median();
    lab.report().atMost(lab.jobs(), "dry run, median", median, 300, "ms");
  }

  private void find() {
    batches()
        .find(Filters.eq("account_id", OF_DRY_RUN))
        .projection(
            Projections.include("batch_id", "name", "is_active", "cancelled_at", "pending_jobs"))
        .into(new ArrayList<>());
  }

  private void cancel() {
    List<String> polled = List.of(Installation.batchId(0), Installation.batchId(1_990));
    try (Api api = api();
        Api upkeep = api();
        Api other = api();
        Poller poller = new Poller(other, polled)) {
      long begun = System.nanoTime();
      String answer = api.post(PATH, body(OF_CANCEL, "\"expected\":" + cancelled)).join().body();
      double answered = seconds(begun);
      long fenced = batches().countDocuments(marked());
      var id = ID.matcher(answer);
      if (!id.find()) {
        throw new IllegalStateException("not accepted: " + answer);
      }
      int upkeeps = 0;
      while (!isFinished(api, id.group(1))) {
        // Half a minute after the request, as often as not.
        if (seconds(begun) > 30 + 60 * upkeeps) {
          upkeep.upkeep();
          upkeeps++;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(lab.isTrial() ? 1 : PAUSE_MS));
      }
      report(answered, fenced, seconds(begun), upkeeps, poller);
    }
  }

  private void report(double answered, long fenced, double finished, int upkeeps, Poller poller) {
    Samples polls = poller.stop();
    long jobs = lab.jobs();
    String what = "cancel of %,d batches of %d jobs: ".formatted(cancelled, JOBS_PER_BATCH);
    lab.report().must(jobs, what + "all markers set at the answer", fenced == cancelled);
    lab.report().must(jobs, what + "no job left", waiting() == 0);
    lab.report().note(jobs, what + "runs of upkeep", "%d", upkeeps);
    if (!lab.isTrial()) {
      lab.report().atMost(jobs, what + "answered after", answered, 5, "s");
      lab.report().atMost(jobs, what + "finished after", finished, 60, "s");
      lab.report().must(jobs, "no poll refused meanwhile", poller.refused() == 0);
      lab.report().atMost(jobs, "polls meanwhile, p95", polls.percentile(95), 25, "ms");
    }
    lab.report().row(jobs, "Pulso polls during the cancel", polls);
  }

  private Api api() {
    return new Api(lab.uri(), database.getName(), Duration.ofSeconds(29), Map.of(), "-Xmx192m");
  }

  private static boolean isFinished(Api api, String id) {
    return !api.get(PATH + "/" + id).contains("\"finished_at\":null");
  }

  private long waiting() {
    return jobs()
        .countDocuments(
            Filters.and(
                Filters.regex("batch_id", "^" + OF_CANCEL), Filters.ne("status", "cancelled")));
  }

  private static String body(String account, String rest) {
    return "{\"action\":\"cancel\",\"account_id\":\"%s\",%s}".formatted(account, rest);
  }

  private static Document marked() {
    return new Document("account_id", OF_CANCEL)
        .append("cancelled_at", new Document("$type", "date"));
  }

  private MongoCollection<Document> batches() {
    return database.getCollection("batches");
  }

  private MongoCollection<Document> jobs() {
    return database.getCollection("jobs");
  }

  private static double seconds(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }
}

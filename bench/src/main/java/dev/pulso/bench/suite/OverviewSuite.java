package dev.pulso.bench.suite;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.pulso.Pulso;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Installation;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.Samples;
import dev.pulso.bench.suite.OtherOverviews.Counts;
import dev.pulso.functions.overview.DashboardOverviewHandler;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.bson.Document;

/** Measures the overview at growing sizes, against the usual aggregation. */
public final class OverviewSuite {
  private static final long[] SIZES = {100_000, 1_000_000, 3_000_000, 10_000_000};
  private static final String OURS = "Pulso overview";
  private static final String OURS_OF_ONE = "Pulso overview, one account";
  private static final String FACET = "$facet over jobs";
  private static final String FACET_OF_ONE = "$facet, one account";
  private static final Optional<String> ACCOUNT = Optional.of(Installation.accountId(3));
  private static final String OF_ONE = "account_id=" + ACCOUNT.get();
  private static final Duration UPKEEP = Duration.ofSeconds(47);
  private static final double GATEWAY_SECONDS = 30;
  private static final int MOST_RUNS = 30;
  private static final long MILLION = 1_000_000;
  private static final String EXACT = "  exact after upkeep, indexes included";
  private static final List<String> USUAL_INDEXES =
      List.of(
          "_id_",
          "deduplication_key_1",
          "account_id_1_status_1_created_at_-1",
          "batch_id_1_status_1",
          "batch_id_1");

  private final Lab lab;

  public OverviewSuite(Lab lab) {
    this.lab = lab;
  }

  /** Measures every size up to that of the lab. */
  public void run() {
    TreeMap<Long, Double> ours = new TreeMap<>();
    LongStream.concat(
            LongStream.of(SIZES).filter(size -> size < lab.jobs()), LongStream.of(lab.jobs()))
        .forEach(size -> ours.put(size, measure(size)));
    if (ours.size() > 1) {
      String what = "overview against overview at %,d jobs".formatted(ours.firstKey());
      double ratio = ours.get(lab.jobs()) / ours.firstEntry().getValue();
      lab.report().atMost(lab.jobs(), what, ratio, 5, "times");
    }
  }

  private double measure(long jobs) {
    MongoDatabase database = lab.installation(jobs);
    OtherOverviews others =
        new OtherOverviews(database, Instant.now().truncatedTo(ChronoUnit.DAYS));
    Counts truth = others.facet(Optional.empty());
    first(database, jobs, truth);

    DashboardOverviewHandler handler = new DashboardOverviewHandler(lab.pulso(database));
    Map<String, Samples> times =
        lab.inTurn(jobs)
            .with(OURS, () -> ask(handler, ""))
            .with(OURS_OF_ONE, () -> ask(handler, OF_ONE))
            .with(FACET, () -> others.facet(Optional.empty()))
            .with("a count per status", () -> others.counts(Optional.empty()))
            .with(FACET_OF_ONE, () -> others.facet(ACCOUNT))
            .with("a count per status, one account", () -> others.counts(ACCOUNT))
            .run();
    boolean exact =
        counts(handler, "").equals(truth) && counts(handler, OF_ONE).equals(others.facet(ACCOUNT));
    lab.report().must(jobs, "overview exact, with and without account", exact);
    ratio(jobs, "overview against the $facet", times.get(FACET), times.get(OURS), 500);
    ratio(jobs, "  for one account", times.get(FACET_OF_ONE), times.get(OURS_OF_ONE), 100);
    return times.get(OURS).median();
  }

  private void ratio(long jobs, String what, Samples theirs, Samples ours, double least) {
    double ratio = theirs.median() / ours.median();
    if (jobs >= MILLION) {
      lab.report().atLeast(jobs, what, ratio, least, "times");
    } else {
      lab.report().note(jobs, what, "%.1f times", ratio);
    }
  }

  /** Measures the first overview: nothing was counted, and Pulso's indexes are missing. */
  private void first(MongoDatabase database, long jobs, Counts truth) {
    removePulso(database);
    Pulso pulso = lab.pulso(database);
    DashboardOverviewHandler handler = new DashboardOverviewHandler(pulso);
    long begun = System.nanoTime();
    APIGatewayV2HTTPResponse first = ask(handler, "");
    double seconds = (System.nanoTime() - begun) / 1e9;
    boolean exact = first.getStatusCode() == 200 && Counts.ofAnswer(first.getBody()).equals(truth);
    lab.report().atMost(jobs, "first overview ever, no index yet", seconds, GATEWAY_SECONDS, "s");
    lab.report()
        .must(
            jobs,
            "  it was exact, or said that it is still counting",
            exact || "in-progress".equals(first.getHeaders().get("Pulso-Counting")));
    long counting = System.nanoTime();
    for (int run = 1; run <= MOST_RUNS; run++) {
      lab.say("upkeep %d: %s", run, pulso.runUpkeep(UPKEEP));
      if (counts(handler, "").equals(truth)) {
        String took = "%d run(s), %.1f s".formatted(run, (System.nanoTime() - counting) / 1e9);
        boolean small = jobs <= MILLION;
        lab.report().add(jobs, EXACT, took, small ? "1 run" : "", !small || run == 1);
        return;
      }
    }
    lab.report().must(jobs, EXACT, false);
  }

  /** Removes Pulso's data and indexes from a database. */
  private static void removePulso(MongoDatabase database) {
    for (String name : database.listCollectionNames()) {
      if (name.startsWith("pulso_") || name.equals("audit_log")) {
        database.getCollection(name).drop();
      }
    }
    database.getCollection("batches").updateMany(Filters.exists("pulso"), Updates.unset("pulso"));
    for (String name : List.of("jobs", "batches")) {
      for (Document index : database.getCollection(name).listIndexes()) {
        if (!USUAL_INDEXES.contains(index.getString("name"))) {
          database.getCollection(name).dropIndex(index.getString("name"));
        }
      }
    }
  }

  private static Counts counts(DashboardOverviewHandler handler, String query) {
    return Counts.ofAnswer(ask(handler, query).getBody());
  }

  private static APIGatewayV2HTTPResponse ask(DashboardOverviewHandler handler, String query) {
    return handler.handleRequest(Events.overview(query), null);
  }
}

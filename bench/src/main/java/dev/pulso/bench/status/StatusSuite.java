package dev.pulso.bench.status;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.mongodb.client.MongoDatabase;
import dev.pulso.Pulso;
import dev.pulso.batch.Batches;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.load.Installation;
import dev.pulso.bench.measure.Alternating;
import dev.pulso.bench.report.Finding;
import dev.pulso.functions.status.BatchStatusHandler;
import dev.pulso.upkeep.UpkeepReport;
import java.time.Duration;

/**
 * A poll of a batch whose counters are not due, against the driver's read of the same document with
 * the same projection. Call by call in turn and not by JMH: both wait for the same server on the
 * same cores, and only neighbours in time meet the same conditions.
 */
public final class StatusSuite {
  private static final String SUITE = "status";
  private static final int BATCH = 1_990;
  private static final int WARM_UP = 15_000;
  private static final int CALLS = 20_000;
  private static final int CONNECTIONS = 8;
  private static final Duration UPKEEP = Duration.ofSeconds(47);

  private static final int FIRST_POLLS = 500;
  private static final double LEAST_AT_FIRST = 1_500;

  /** Until the compiler has nothing left to do. */
  private static final Duration WARM_UP_OVER_HTTP = Duration.ofSeconds(30);

  /** Six times what a one-process Python service (FastAPI, motor) did on such a machine. */
  private static final double LEAST_PER_SECOND = 3_300;

  private final Lab lab;

  public StatusSuite(Lab lab) {
    this.lab = lab;
  }

  /** Measures it. */
  public void run(long jobs) {
    lab.title("status, %,d jobs".formatted(jobs));
    MongoDatabase database = lab.installation(jobs);
    Pulso pulso = lab.pulso(database);
    pulso.makeIndexes();
    BatchStatusHandler handler = new BatchStatusHandler(pulso);
    String batchId = Installation.batchId(BATCH);
    APIGatewayV2HTTPEvent event = Events.status(batchId);
    DriverStatus driver = new DriverStatus(database, Batches.POLLED);
    Alternating.Pair pair =
        Alternating.run(
            () -> handler.handleRequest(event, null),
            () -> driver.read(batchId),
            lab.isTrial(jobs) ? 50 : WARM_UP,
            lab.isTrial(jobs) ? 50 : CALLS);
    lab.report().add(SUITE, jobs, "Pulso status handler", pair.first());
    lab.report().add(SUITE, jobs, "driver findOne, same projection", pair.second());
    lab.report()
        .add(
            Finding.atMost(
                SUITE,
                jobs,
                "status handler against findOne, p50",
                pair.first().median() / pair.second().median(),
                1.15));
    if (!lab.isTrial(jobs)) {
      countAll(pulso);
      overHttp(jobs, database, batchId);
    }
  }

  /** An installation that was never counted would be counted while the requests are measured. */
  private static void countAll(Pulso pulso) {
    UpkeepReport report = pulso.runUpkeep(UPKEEP);
    while (report.groupsUncounted() > 0) {
      report = pulso.runUpkeep(UPKEEP);
    }
  }

  private void overHttp(long jobs, MongoDatabase database, String batchId) {
    try (RunningServer server = RunningServer.start(lab.uri(), database.getName())) {
      HttpLoad load = new HttpLoad(server.port(), "/api/v1/batches/" + batchId + "/status");
      load.ask(FIRST_POLLS);
      lab.report()
          .add(
              Finding.atLeast(
                  SUITE,
                  jobs,
                  "… in its first ten seconds, after 500 polls one by one",
                  load.perSecond(CONNECTIONS, Duration.ofSeconds(10)),
                  LEAST_AT_FIRST,
                  "requests/s"));
      load.perSecond(CONNECTIONS, WARM_UP_OVER_HTTP);
      lab.report()
          .add(
              Finding.atLeast(
                  SUITE,
                  jobs,
                  "status over HTTP by ./run, 8 connections",
                  load.perSecond(CONNECTIONS, Duration.ofSeconds(10)),
                  LEAST_PER_SECOND,
                  "requests/s"));
    }
  }
}

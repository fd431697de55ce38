package dev.pulso.bench.suite;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import dev.pulso.Pulso;
import dev.pulso.batch.Batches;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Installation;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.Samples;
import dev.pulso.bench.process.Child;
import dev.pulso.functions.status.BatchStatusHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.bson.Document;

/**
 * Measures a poll of a batch whose counters are not due, against the driver's read of the same
 * fields; and polls over HTTP.
 */
public final class StatusSuite {
  private static final String OURS = "Pulso status handler";
  private static final String DRIVER = "driver findOne, same projection";
  private static final int BATCH = 1_990;
  private static final int CONNECTIONS = 8;
  private static final int FIRST_POLLS = 500;
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final Pattern READY =
      Pattern.compile("Pulso is ready on http://localhost:([0-9]+)");

  private final Lab lab;

  public StatusSuite(Lab lab) {
    this.lab = lab;
  }

  public void run() {
    MongoDatabase database = lab.installation(lab.jobs());
    Pulso pulso = lab.pulso(database);
    pulso.makeIndexes();
    BatchStatusHandler handler = new BatchStatusHandler(pulso);
    String batchId = Installation.batchId(BATCH);
    APIGatewayV2HTTPEvent event = Events.status(batchId);
    MongoCollection<Document> batches = database.getCollection("batches");
    Map<String, Samples> times =
        lab.callByCall(15_000, 20_000)
            .with(OURS, () -> handler.handleRequest(event, null))
            .with(
                DRIVER,
                () ->
                    batches
                        .find(Filters.eq("batch_id", batchId))
                        .projection(Batches.POLLED)
                        .first())
            .run();
    double ratio = times.get(OURS).median() / times.get(DRIVER).median();
    lab.report().atMost(lab.jobs(), "status handler against findOne, p50", ratio, 1.15, "times");
    if (!lab.isTrial()) {
      // Counts first, so that no refresh runs during the measurement.
      while (pulso.runUpkeep(Duration.ofSeconds(47)).groupsUncounted() > 0) {
        lab.say("counting");
      }
      overHttp(database, batchId);
    }
  }

  private void overHttp(MongoDatabase database, String batchId) {
    Map<String, String> environment =
        Map.of(
            "MONGODB_URI", lab.uri(),
            "MONGODB_DATABASE", database.getName(),
            "STATUS_RATE_LIMIT", "off",
            "PULSO_HOME", Path.of(".pulso", "bench", "run").toString());
    try (Child server = Child.start(List.of("./run", "--port", "0", "--no-demo"), environment)) {
      server.endInput();
      int port = Integer.parseInt(server.awaitLine(READY).group(1));
      server.drain();
      HttpLoad load = new HttpLoad(port, "/api/v1/batches/" + batchId + "/status");
      load.ask(FIRST_POLLS);
      perSecond("polls over HTTP by ./run, its first ten seconds after 500 polls", load, 1_500);
      // Warms up until everything is compiled.
      load.perSecond(CONNECTIONS, Duration.ofSeconds(30));
      perSecond("polls over HTTP by ./run, 8 connections", load, 3_300);
    }
  }

  private void perSecond(String what, HttpLoad load, double least) {
    double perSecond = load.perSecond(CONNECTIONS, TEN_SECONDS);
    lab.report().atLeast(lab.jobs(), what, perSecond, least, "requests/s");
  }
}

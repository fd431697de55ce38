package dev.pulso.local.server;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.currentDate;
import static com.mongodb.client.model.Updates.set;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import dev.pulso.fixture.Eventually;
import dev.pulso.local.database.MongoServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code ./run}, used from a shell. */
@Execution(ExecutionMode.CONCURRENT)
@Order(1)
class RunIT {
  private static final int SIGTERM_STATUS = 143;
  private static final String REASON = "Cliente solicitó detención";
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Map<String, String> NOTHING_SET = Map.of();

  @TempDir private Path home;

  @AfterEach
  void endWhatFailedToEnd() {
    processes().forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void countersMoveUntilCancel() throws Exception {
    RunProcess.forgetClasses();
    MongoServer server = MongoServer.forTests();
    String name = "run_" + UUID.randomUUID().toString().substring(0, 8);
    Map<String, String> given = Map.of("MONGODB_URI", server.uri(), "MONGODB_DATABASE", name);
    try (MongoClient client = MongoClients.create(server.uri())) {
      MongoDatabase database = client.getDatabase(name);
      MongoCollection<Document> deliveries = database.getCollection("pulso_deliveries");
      deliveries.insertOne(new Document("status", "pending").append("next_at", new Date()));
      try (RunProcess run = RunProcess.start(home, given, "--port", "0", "--demo");
          RunningApi api = new RunningApi(run.awaitReady())) {
        Document batch =
            database.getCollection("batches").find(eq("name", "Cobranza vencida 30 días")).first();
        String id = batch.getObjectId("_id").toHexString();
        JsonNode first = api.status(id);
        Eventually.isTrue(
            PATIENCE,
            () ->
                api.status(id).get("completed_jobs").intValue()
                    > first.get("completed_jobs").intValue());

        int asks = api.asks();
        JsonNode cancelled = RunningApi.ok(api.cancel(id, REASON).get());
        int cancels = api.asks() - asks;
        assertThat(cancelled.get("reason").textValue()).isEqualTo(REASON);
        Eventually.isTrue(PATIENCE, () -> api.status(id).get("pending_jobs").intValue() == 0);
        assertThat(api.status(id).get("is_active").booleanValue()).isFalse();
        assertThat(api.summary(id).get("status").textValue()).isEqualTo("cancelled");
        Document ofBatch = new Document("batch_id", batch.getString("batch_id"));
        Eventually.isTrue(
            PATIENCE,
            () ->
                count(database, and(ofBatch, in("status", "pending", "scheduled", "in_progress")))
                    == 0);
        assertThat(count(database, and(ofBatch, eq("status", "cancelled"))))
            .isPositive()
            .isEqualTo(count(database, and(ofBatch, eq("cancellation_reason", REASON))));

        double polls = polls(api);
        asks = api.asks();
        api.status(id);
        assertThat(polls(api)).isEqualTo(polls + api.asks() - asks);
        assertThat(api.figure("pulso_latency_seconds_count{endpoint=\"batch-cancel\"}"))
            .isEqualTo(cancels);
        double before = jobsCancelled(api);
        Eventually.isTrue(
            PATIENCE,
            () -> {
              // Again, if the server was so busy that its answer came too late to be counted.
              Bson comesBack = combine(set("status", "pending"), currentDate("updated_at"));
              database
                  .getCollection("jobs")
                  .updateOne(and(ofBatch, eq("status", "cancelled")), comesBack);
              api.cancel(id, REASON).get();
              return jobsCancelled(api) > before;
            });
        Eventually.isTrue(
            PATIENCE, () -> api.figure("pulso_upkeep_runs_total{endpoint=\"batch-upkeep\"}") > 0);
        // A run of upkeep during the cancel counted it as open.
        Eventually.isTrue(PATIENCE, () -> api.figure("pulso_cancels_open") == 0);
        assertThat(home.resolve("log/requests.jsonl"))
            .content()
            .contains("\"event\":\"request\"", "\"event\":\"upkeep\"", batch.getString("batch_id"));
        assertThat(run.output())
            .as("the terminal is left to people")
            .anyMatch(line -> line.contains("requests.jsonl"))
            .noneMatch(line -> line.contains("\"event\"") && !line.contains("\"ERROR\""));

        assertThat(api.statusLineFor("rebound.example")).contains(" 421 ");
        pollAtOnce(api, id);
        double counted = polls(api);
        run.terminate();
        assertThat(run.awaitEnd()).isEqualTo(SIGTERM_STATUS);
        assertThat(RunProcess.classesOfEarlierRuns()).as("make the next start quick").isNotEmpty();
        assertThat(run.output()).noneMatch(line -> line.matches(".*(\\[warning\\]|VM warning).*"));
        assertThat(loggedPolls()).as("the last lines come at the end").isEqualTo(counted);
      }
      assertThat(count(database, new Document())).as("a given server goes on").isPositive();
      assertThat(deliveries.find().first())
          .as("without a key of webhooks, deliveries are left to whoever has it")
          .containsEntry("status", "pending");
      database.drop();
    }
  }

  @Test
  void nextRunFinishesCancelOfKilledRun() throws Exception {
    String batch;
    try (RunProcess run = RunProcess.start(home, NOTHING_SET, "--port", "0");
        RunningApi api = new RunningApi(run.awaitReady())) {
      batch = batchOf(run);
      assertThat(api.overview().get("metrics").get("active_batches").intValue()).isPositive();
      var answer = api.cancel(batch, REASON);
      Eventually.isTrue(PATIENCE, () -> !api.status(batch).get("is_active").booleanValue());
      run.kill();
      run.awaitEnd();
      answer.cancel(true);
    }
    try (RunProcess run = RunProcess.start(home, NOTHING_SET, "--port", "0");
        RunningApi api = new RunningApi(run.awaitReady())) {
      assertThat(run.output()).contains("  Demo data: there");
      Eventually.isTrue(PATIENCE, () -> api.status(batch).get("pending_jobs").intValue() == 0);
      assertThat(api.summary(batch).get("status").textValue()).isEqualTo("cancelled");
      int port = run.awaitReady();
      assertThat(processes()).as("its mongod").isNotEmpty();
      run.terminate();
      assertThat(run.awaitEnd()).isEqualTo(SIGTERM_STATUS);
      // The shell that watches mongod may end a little later.
      Eventually.isTrue(PATIENCE, () -> processes().isEmpty());
      assertThat(isFree(port)).isTrue();
    }
  }

  @Test
  void resetEmptiesDatabase() throws Exception {
    try (RunProcess run = RunProcess.start(home, NOTHING_SET, "--port", "0");
        RunningApi api = new RunningApi(run.awaitReady())) {
      // Not those of today: at midnight there may be none.
      Eventually.isTrue(
          PATIENCE, () -> api.overview().get("metrics").get("pending_jobs").intValue() > 0);
      assertThat(api.openApi()).isEqualTo(Files.readString(Project.root().resolve("openapi.yaml")));
    }
    try (RunProcess run =
            RunProcess.start(home, NOTHING_SET, "--port", "0", "--reset", "--no-demo");
        RunningApi api = new RunningApi(run.awaitReady())) {
      JsonNode metrics = api.overview().get("metrics");
      assertThat(metrics.get("pending_jobs").intValue()).isZero();
      assertThat(metrics.get("jobs_today").intValue()).isZero();
      assertThat(api.get("/batches/batch-1/status").statusCode()).isEqualTo(404);
    }
  }

  private static double polls(RunningApi api) throws Exception {
    return api.figure("pulso_requests_total{endpoint=\"batch-status\"}");
  }

  private static double jobsCancelled(RunningApi api) throws Exception {
    return api.figure("pulso_jobs_cancelled_total{endpoint=\"batch-cancel\"}")
        + api.figure("pulso_jobs_cancelled_total{endpoint=\"batch-upkeep\"}");
  }

  private static void pollAtOnce(RunningApi api, String batch) {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 400; i++) {
        threads.submit(() -> api.get("/batches/" + batch + "/status"));
      }
    }
  }

  /** Returns how many polls the log has, in lines of their own or in lines about several. */
  private double loggedPolls() throws IOException {
    JsonMapper json = new JsonMapper();
    double polls = 0;
    for (String text : Files.readAllLines(home.resolve("log/requests.jsonl"))) {
      JsonNode line = json.readTree(text);
      if (line.path("endpoint").asText().equals("batch-status")) {
        polls += line.path("requests").doubleValue();
      }
    }
    return polls;
  }

  private static String batchOf(RunProcess run) {
    String line =
        run.output().stream().filter(text -> text.contains("/status")).findFirst().orElseThrow();
    return line.replaceFirst(".*/batches/", "").replaceFirst("/status.*", "");
  }

  private static long count(MongoDatabase database, Bson filter) {
    return database.getCollection("jobs").countDocuments(filter);
  }

  /** Returns the processes that use this test's folder. */
  private List<ProcessHandle> processes() {
    List<ProcessHandle> found = new ArrayList<>();
    ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(home.toString()))
        .forEach(found::add);
    return found;
  }

  private static boolean isFree(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return !socket.isConnected();
    } catch (SocketException refused) {
      return true;
    }
  }
}

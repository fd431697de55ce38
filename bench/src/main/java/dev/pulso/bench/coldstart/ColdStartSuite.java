package dev.pulso.bench.coldstart;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.pulso.Pulso;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.load.Installation;
import dev.pulso.bench.measure.Samples;
import dev.pulso.bench.report.Finding;
import dev.pulso.functions.status.BatchStatusHandler;
import dev.pulso.local.database.RedisServer;
import dev.pulso.local.database.RedisUnavailableException;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cold starts in the Lambda image, sizes of artifacts, and the memory that a function keeps. */
public final class ColdStartSuite {
  private static final String SUITE = "coldstart";
  private static final String HANDLER =
      "dev.pulso.functions.status.BatchStatusHandler::handleRequest";
  private static final String BARE = "one document read: the bare handler";
  private static final String OURS = "Pulso status, cold start";
  private static final String WITH_REDIS = "the same, polls counted in Redis";
  private static final int BATCH = 1_990;
  private static final int ROUNDS = 20;
  private static final int PROCESSES = 7;
  private static final double MOST_MB = 6;
  private static final double MOST_HEAP_MB = 48;
  private static final String REQUESTS = "10000";

  private final Lab lab;
  private final Artifacts artifacts = new Artifacts(Path.of(".pulso", "bench", "artifacts"));

  public ColdStartSuite(Lab lab) {
    this.lab = lab;
  }

  /** Measures what can be measured on this machine. */
  public void run(long jobs) {
    lab.title("cold start");
    artifacts
        .build()
        .forEach(
            (name, bytes) ->
                lab.report()
                    .add(Finding.atMost(SUITE, 0, "artifact " + name, bytes / 1e6, MOST_MB, "MB")));
    MongoDatabase database = counted(jobs);
    Map<String, String> environment =
        Map.of(
            "ALLOW_ANONYMOUS", "true",
            "MONGODB_URI", lab.uri(),
            "MONGODB_DATABASE", database.getName());
    heap(environment);
    firstPolls(environment);
    if (Container.isPossible()) {
      coldStarts(environment);
    } else {
      lab.out().println("no cold starts: Docker, or the image " + Container.IMAGE + ", is missing");
    }
  }

  /**
   * A batch whose counters are not due, so that the first answer needs one read, as the bare one.
   */
  private MongoDatabase counted(long jobs) {
    MongoDatabase database = lab.installation(jobs);
    Pulso pulso = lab.pulso(database);
    pulso.makeIndexes();
    String batchId = Installation.batchId(BATCH);
    new BatchStatusHandler(pulso).handleRequest(Events.status(batchId), null);
    Date later = Date.from(Instant.now().plus(Duration.ofHours(1)));
    database
        .getCollection("batches")
        .updateOne(Filters.eq("batch_id", batchId), Updates.set("pulso.due_at", later));
    return database;
  }

  private void coldStarts(Map<String, String> environment) {
    String event =
        """
        {"version":"2.0","routeKey":"ANY /api/v1/batches/{batch_id}/status",
         "rawPath":"/api/v1/batches/%1$s/status","rawQueryString":"",
         "headers":{"accept":"application/json"},"pathParameters":{"batch_id":"%1$s"},
         "requestContext":{"requestId":"bench","stage":"$default","http":{"method":"GET",
         "path":"/","protocol":"HTTP/1.1","sourceIp":"127.0.0.1","userAgent":"bench"},
         "authorizer":{"jwt":{"claims":{"sub":"bench","scope":"pulso:read pulso:all-accounts"},
         "scopes":null}}},
         "isBase64Encoded":false}\
        """
            .formatted(Installation.batchId(BATCH));
    Map<String, Container> steps = new LinkedHashMap<>();
    steps.put(
        "the runtime, a constant answer",
        bare("constant", ConstantHandler.class, List.of(), List.of(), environment));
    steps.put(
        "the driver opened, nothing read",
        bare("opened", OpenedHandler.class, List.of(), List.of(), environment));
    steps.put(BARE, bare("bare", BareHandler.class, List.of(), List.of(), environment));
    steps.put(
        "the same, answer written by data binding",
        bare(
            "binding",
            DataBindingHandler.class,
            List.of(BareHandler.class, DataBindingHandler.Status.class),
            List.of(JsonMapper.class, JsonFactory.class, JsonInclude.class),
            environment));
    steps.put(OURS, new Container(artifacts.of("batch-status"), HANDLER, environment));
    withRedis(environment)
        .ifPresent(
            all ->
                steps.put(WITH_REDIS, new Container(artifacts.of("batch-status"), HANDLER, all)));
    Map<String, Samples> times = inTurn(steps, event);
    times.forEach((step, samples) -> lab.report().add(SUITE, 0, step, samples));
    lab.report()
        .add(
            Finding.atMost(
                SUITE,
                0,
                "cold start against a bare handler",
                times.get(OURS).median() / times.get(BARE).median(),
                1.15));
  }

  private Optional<Map<String, String>> withRedis(Map<String, String> environment) {
    try {
      Map<String, String> all = new HashMap<>(environment);
      all.put("REDIS_URL", RedisServer.forTests().url());
      return Optional.of(all);
    } catch (RedisUnavailableException e) {
      lab.out().println(e.getMessage());
      return Optional.empty();
    }
  }

  private Container bare(
      String name,
      Class<?> handler,
      List<Class<?>> types,
      List<Class<?>> libraries,
      Map<String, String> environment) {
    List<Class<?>> all = new ArrayList<>(types);
    all.add(handler);
    return new Container(
        artifacts.around(name, all, libraries), handler.getName() + "::handleRequest", environment);
  }

  /** One of each, again and again, so that a busy moment hits all of them alike. */
  private static Map<String, Samples> inTurn(Map<String, Container> steps, String event) {
    Map<String, long[]> nanos = new LinkedHashMap<>();
    steps.forEach(
        (step, container) -> {
          container.coldStart(event);
          nanos.put(step, new long[ROUNDS]);
        });
    for (int i = 0; i < ROUNDS; i++) {
      for (Map.Entry<String, Container> step : steps.entrySet()) {
        nanos.get(step.getKey())[i] = step.getValue().coldStart(event);
      }
    }
    Map<String, Samples> times = new LinkedHashMap<>();
    nanos.forEach((step, samples) -> times.put(step, Samples.of(samples)));
    return times;
  }

  /** Polls 2 to 20 of fresh processes against polls 1,000 to 2,000 of the same. */
  private void firstPolls(Map<String, String> environment) {
    long[] ratios = new long[PROCESSES];
    for (int i = 0; i < PROCESSES; i++) {
      ratios[i] = Math.round(parse(fresh(environment, FirstPolls.class, "2000")) * 1e6);
    }
    lab.report()
        .add(
            Finding.atMost(
                SUITE, 0, "polls 2 to 20 against 1,000 to 2,000", Samples.of(ratios).median(), 2));
  }

  private void heap(Map<String, String> environment) {
    double mb = parse(fresh(environment, LiveHeap.class, REQUESTS)) / 1e6;
    lab.report()
        .add(
            Finding.atMost(
                SUITE,
                0,
                "live heap of a 512 MB function after 10,000 requests",
                mb,
                MOST_HEAP_MB,
                "MB"));
  }

  private static double parse(String output) {
    return Double.parseDouble(output.substring(output.lastIndexOf('=') + 1).strip());
  }

  /** What a program prints that answers so many requests in a JVM like Lambda's. */
  private String fresh(Map<String, String> environment, Class<?> program, String requests) {
    List<String> command = new ArrayList<>();
    command.add("env");
    new HashMap<>(environment).forEach((name, value) -> command.add(name + "=" + value));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx436m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(
        artifacts.of("batch-status") + "/lib/*" + File.pathSeparator + "bench/target/classes");
    command.addAll(List.of(program.getName(), Installation.batchId(BATCH), requests));
    return Shell.run(command);
  }
}

package dev.pulso.bench.coldstart;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.pulso.Pulso;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Installation;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.Samples;
import dev.pulso.bench.process.Child;
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
import java.util.regex.Pattern;

/**
 * Measures cold starts in the Lambda image, sizes of artifacts, and the first polls and memory of a
 * function.
 */
public final class ColdStartSuite {
  private static final String HANDLER =
      "dev.pulso.functions.status.BatchStatusHandler::handleRequest";
  private static final String EMPTY = "an empty handler";
  private static final String BARE = "one document read: the bare handler";
  private static final String OURS = "Pulso status, cold start";
  private static final String IMAGE = "Pulso status, as an image with an AOT cache";
  private static final String BATCH = Installation.batchId(1_990);
  private static final int ROUNDS = 20;
  private static final int PROCESSES = 7;
  private static final int POLLS = 10_000;

  private final Lab lab;
  private final Artifacts artifacts = new Artifacts(Path.of(".pulso", "bench", "artifacts"));

  public ColdStartSuite(Lab lab) {
    this.lab = lab;
  }

  /** Measures what is possible on this machine. */
  public void run() {
    artifacts
        .build()
        .forEach((name, bytes) -> lab.report().atMost(0, "artifact " + name, bytes / 1e6, 6, "MB"));
    Map<String, String> environment =
        Map.of(
            "ALLOW_ANONYMOUS", "true",
            "MONGODB_URI", lab.uri(),
            "MONGODB_DATABASE", counted().getName());
    polls(environment);
    if (Container.isPossible()) {
      coldStarts(environment);
    } else {
      lab.say("cold starts skipped: Docker or the image %s is missing", Container.IMAGE);
    }
  }

  /** Creates a batch whose counters are not due, so that the first answer needs one read. */
  private MongoDatabase counted() {
    MongoDatabase database = lab.installation(lab.jobs());
    Pulso pulso = lab.pulso(database);
    pulso.makeIndexes();
    new BatchStatusHandler(pulso).handleRequest(Events.status(BATCH), null);
    Date later = Date.from(Instant.now().plus(Duration.ofHours(1)));
    database
        .getCollection("batches")
        .updateOne(Filters.eq("batch_id", BATCH), Updates.set("pulso.due_at", later));
    return database;
  }

  private void coldStarts(Map<String, String> environment) {
    Map<String, Container> containers = new LinkedHashMap<>();
    containers.put(EMPTY, around("empty", EmptyHandler.class, Artifacts.LAMBDA, environment));
    containers.put(
        BARE, around("bare", BareHandler.class, Artifacts.LAMBDA_AND_DRIVER, environment));
    Path status = artifacts.of(Artifacts.STATUS);
    containers.put(OURS, Container.zip(status, HANDLER, environment));
    containers.put(IMAGE, Container.image(image(), HANDLER, environment));
    try {
      Map<String, String> shared = new HashMap<>(environment);
      shared.put("REDIS_URL", RedisServer.forTests().url());
      containers.put(
          "Pulso status, polls counted in Redis", Container.zip(status, HANDLER, shared));
    } catch (RedisUnavailableException e) {
      lab.say("%s", e.getMessage());
    }
    String event = TrainingEvents.status(BATCH);
    // In turn, so that a busy moment affects all alike; the first round warms up.
    Map<String, List<Long>> times = new LinkedHashMap<>();
    for (int round = 0; round <= ROUNDS; round++) {
      for (Map.Entry<String, Container> step : containers.entrySet()) {
        long took = step.getValue().coldStart(event);
        if (round > 0) {
          times.computeIfAbsent(step.getKey(), name -> new ArrayList<>()).add(took);
        }
      }
    }
    times.forEach((name, all) -> lab.report().row(0, name, Samples.of(all)));
    double bare = Samples.of(times.get(BARE)).median();
    double ours = Samples.of(times.get(OURS)).median() / bare;
    lab.report().atMost(0, "cold start against a bare handler", ours, 1.15, "times");
    double empty = Samples.of(times.get(EMPTY)).median();
    double image = Samples.of(times.get(IMAGE)).median() / empty;
    lab.report().atMost(0, "cold start of the image against an empty handler", image, 0.9, "times");
  }

  private Container around(
      String name, Class<?> type, List<String> jars, Map<String, String> environment) {
    Path artifact = artifacts.around(name, type, jars);
    return Container.zip(artifact, type.getName() + "::handleRequest", environment);
  }

  private String image() {
    return FunctionImage.build("pulso-bench", Container.IMAGE, lab);
  }

  private void polls(Map<String, String> environment) {
    List<Double> ratios = new ArrayList<>();
    List<Double> megabytes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      String said = fresh(environment);
      ratios.add(figure("ratio", said));
      megabytes.add(figure("live", said) / 1e6);
    }
    String first = "polls 2 to 20 against 1,000 to 2,000";
    lab.report().atMost(0, first, median(ratios), 2, "times");
    String heap = "live heap of a 512 MB function after 10,000 requests";
    lab.report().atMost(0, heap, median(megabytes), 48, "MB");
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private static double figure(String name, String said) {
    return Pattern.compile("(?m)^" + name + "=(.*)$")
        .matcher(said)
        .results()
        .mapToDouble(line -> Double.parseDouble(line.group(1)))
        .findFirst()
        .orElseThrow();
  }

  /** Returns the output of {@link Polls} in a JVM like Lambda's, with the artifact. */
  private String fresh(Map<String, String> environment) {
    String classPath =
        artifacts.of(Artifacts.STATUS) + "/lib/*" + File.pathSeparator + "bench/target/classes";
    List<String> command = new ArrayList<>(Child.jvm(classPath, List.of("-Xmx436m")));
    command.addAll(List.of(Polls.class.getName(), BATCH, "" + POLLS));
    return Child.run(command, environment);
  }
}

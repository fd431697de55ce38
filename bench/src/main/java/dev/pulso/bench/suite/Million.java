package dev.pulso.bench.suite;

import com.mongodb.client.MongoDatabase;
import dev.pulso.Pulso;
import dev.pulso.bench.lab.Loader;
import dev.pulso.bench.lab.Samples;
import dev.pulso.bench.process.Api;
import dev.pulso.config.Settings;
import dev.pulso.local.database.Cluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.bson.Document;

/**
 * Cancels one very large batch by a process as small as the function, against one {@code
 * updateMany} over equal documents: {@code bench/million [JOBS [ROUNDS]]}.
 */
public final class Million {
  private static final String LARGE = "batch-20251015-0a0a0a0a";
  private static final String SMALL = "batch-20251015-0b0b0b0b";
  private static final String FIRST = "batch-20251015-0c0c0c0c";
  private static final String REASON = "Cliente solicitó detención";

  private final Cluster cluster;
  private final int jobs;
  private final MongoDatabase database;

  private Million(Cluster cluster, int jobs) {
    this.cluster = cluster;
    this.jobs = jobs;
    this.database = cluster.database("million");
  }

  public static void main(String[] arguments) {
    int jobs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
    List<Double> ratios = new ArrayList<>();
    try (Cluster cluster = Cluster.onDisk(1, "--wiredTigerCacheSizeGB", "4")) {
      Million million = new Million(cluster, jobs);
      for (int round = 0; round < rounds; round++) {
        double plain = million.plain();
        double ours = million.ours();
        ratios.add(ours / plain);
        System.out.printf(
            "one updateMany: %,.0f jobs/s; ours: %,.0f jobs/s, %.2f times%n",
            plain, ours, ratios.getLast());
      }
    }
    ratios.sort(Double::compare);
    System.out.printf("median ratio %.2f%n", ratios.get(ratios.size() / 2));
  }

  /** Returns the jobs per second of one updateMany, with the same poller running. */
  private double plain() {
    upload();
    try (Api other = api("-Xmx128m");
        Poller poller = new Poller(other, List.of(LARGE, SMALL))) {
      double seconds = Samples.nanos(this::update) / 1e9;
      say("one updateMany", poller);
      return jobs / seconds;
    }
  }

  private void update() {
    database
        .getCollection("jobs")
        .updateMany(
            new Document("batch_id", LARGE)
                .append("status", new Document("$in", List.of("pending", "scheduled"))),
            new Document(
                "$set",
                new Document("status", "cancelled")
                    .append("cancellation_reason", REASON)
                    .append("updated_at", new Date())));
  }

  /** Returns the jobs per second of a cancel, by a warm process. */
  private double ours() {
    upload();
    try (Api api = api("-Xmx192m");
        Api upkeep = api("-Xmx192m");
        Api other = api("-Xmx128m");
        Poller poller = new Poller(other, List.of(LARGE, SMALL))) {
      api.cancel(FIRST, REASON).join();
      long begun = System.nanoTime();
      HttpResponse<String> answer = api.cancel(LARGE, REASON).join();
      double answered = (System.nanoTime() - begun) / 1e9;
      int upkeeps = 0;
      while (answer.statusCode() == 202 && isOpen()) {
        upkeep.upkeep();
        upkeeps++;
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      System.out.printf(
          "answered %d after %.1f s, all done after %.1f s (%d upkeep runs), at most %d MB%n",
          answer.statusCode(), answered, seconds, upkeeps, mostRssMb(api.process()));
      say("ours", poller);
      return jobs / seconds;
    }
  }

  private static void say(String during, Poller poller) {
    Samples polls = poller.stop();
    System.out.printf(
        "%d polls during %s, %d refused: p50 %.1f ms, p95 %.1f ms%n",
        polls.sorted().length, during, poller.refused(), polls.median(), polls.percentile(95));
  }

  private Api api(String heap) {
    return new Api(cluster.uri(), database.getName(), Duration.ofSeconds(29), Map.of(), heap);
  }

  /** Uploads a large batch, a small one to poll, and one for the warm-up. */
  private void upload() {
    database.drop();
    Loader loader = new Loader(database);
    loader.makeUsualIndexes();
    Map<String, String> environment =
        Map.of("MONGODB_URI", cluster.uri(), "MONGODB_DATABASE", database.getName());
    try (Pulso pulso = Pulso.open(Pulso.Options.of(Settings.from(environment)))) {
      pulso.makeIndexes();
    }
    loader.upload(LARGE, jobs);
    loader.upload(SMALL, 1_000);
    loader.upload(FIRST, 20_000);
  }

  private boolean isOpen() {
    Document open = new Document("batch_id", LARGE).append("pulso.cancel.open", true);
    return database.getCollection("batches").countDocuments(open) > 0;
  }

  private static long mostRssMb(Process process) {
    try {
      return Files.readAllLines(Path.of("/proc", "" + process.pid(), "status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_024)
          .findFirst()
          .orElse(-1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

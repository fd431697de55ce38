package dev.pulso.bench.million;

import com.mongodb.client.MongoDatabase;
import dev.pulso.bench.process.Api;
import dev.pulso.bench.process.Cluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.bson.Document;

/** Cancels one large batch through the handler, in a process as small as the function. */
final class LargeCancel {
  private static final Duration FUNCTION = Duration.ofSeconds(29);
  private static final String HEAP = "-Xmx192m";
  static final String REASON = "Cliente solicitó detención";

  private LargeCancel() {}

  /**
   * How it went.
   *
   * @param jobs in the batch
   * @param status of the answer
   * @param answeredAfter ms until the answer
   * @param seconds until all jobs were cancelled, by upkeep where the answer came before
   * @param upkeeps runs of upkeep until the cancel was noted as done
   * @param rssMb the most memory that the function's process ever had, in MB
   * @param polls of status meanwhile
   * @param p50 of their times in ms
   * @param p95 of their times in ms
   */
  record Result(
      int jobs,
      int status,
      long answeredAfter,
      double seconds,
      int upkeeps,
      long rssMb,
      int polls,
      double p50,
      double p95) {
    double perSecond() {
      return jobs / seconds;
    }
  }

  /** Cancels, by a process that has cancelled before: a JVM's start is not measured here. */
  static Result run(Cluster cluster, MongoDatabase database, int jobs) {
    try (Api api = api(cluster, database, HEAP);
        Api upkeep = api(cluster, database, HEAP);
        Api other = api(cluster, database, "-Xmx128m");
        Poller poller = new Poller(other)) {
      api.cancel(Upload.FIRST, REASON).join();
      long begun = System.nanoTime();
      HttpResponse<String> answer = api.cancel(Upload.LARGE, REASON).join();
      long answered = System.nanoTime();
      int upkeeps = 0;
      while (answer.statusCode() == 202 && isOpen(database)) {
        upkeep.upkeep();
        upkeeps++;
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      poller.stop();
      return new Result(
          jobs,
          answer.statusCode(),
          (answered - begun) / 1_000_000,
          seconds,
          upkeeps,
          rssMb(api.process()),
          poller.polls(),
          poller.percentile(50),
          poller.percentile(95));
    }
  }

  static Api api(Cluster cluster, MongoDatabase database, String heap) {
    return new Api(cluster.uri(), database.getName(), FUNCTION, Map.of(), heap);
  }

  private static boolean isOpen(MongoDatabase database) {
    return database
            .getCollection("batches")
            .find(new Document("batch_id", Upload.LARGE).append("pulso.cancel.open", true))
            .first()
        != null;
  }

  private static long rssMb(Process process) {
    try {
      return Files.readAllLines(Path.of("/proc", "" + process.pid(), "status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(kb -> Long.parseLong(kb) / 1_024)
          .findFirst()
          .orElse(-1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.pulso.bench.million;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import dev.pulso.bench.process.Api;
import dev.pulso.bench.process.Cluster;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;

/**
 * One very large batch, cancelled through the API, against one {@code updateMany} over equal
 * documents on the same server: {@code bench/million [JOBS [ROUNDS]]}.
 */
public final class MillionMain {
  private MillionMain() {}

  public static void main(String[] arguments) {
    int jobs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
    if (!Cluster.isPossible()) {
      System.err.println("There is no mongod: put one on the PATH, or name it in MONGOD.");
      System.exit(1);
    }
    List<Double> ratios = new ArrayList<>();
    try (Cluster cluster = new Cluster(1, "--wiredTigerCacheSizeGB", "4")) {
      for (int round = 0; round < rounds; round++) {
        double plain = plain(cluster, jobs);
        LargeCancel.Result ours = ours(cluster, jobs);
        ratios.add(ours.perSecond() / plain);
        System.out.printf(
            "one updateMany: %,.0f jobs/s; ours: %,.0f jobs/s, %.2f times%n"
                + "  answered %d after %,d ms, all done after %.1f s (%d upkeep runs)%n"
                + "  memory of the function's process at most %d MB%n"
                + "  %d polls of status meanwhile: p50 %.1f ms, p95 %.1f ms%n",
            plain,
            ours.perSecond(),
            ratios.getLast(),
            ours.status(),
            ours.answeredAfter(),
            ours.seconds(),
            ours.upkeeps(),
            ours.rssMb(),
            ours.polls(),
            ours.p50(),
            ours.p95());
      }
    }
    ratios.sort(Double::compare);
    System.out.printf("median ratio %.2f%n", ratios.get(ratios.size() / 2));
  }

  /** As its author would write it, with the same pollers about. */
  private static double plain(Cluster cluster, int jobs) {
    MongoDatabase database = cluster.database("million_plain");
    Upload.into(database, cluster.uri(), jobs);
    MongoCollection<Document> collection = database.getCollection("jobs");
    double perSecond;
    try (Api other = LargeCancel.api(cluster, database, "-Xmx128m");
        Poller poller = new Poller(other)) {
      long begun = System.nanoTime();
      update(collection);
      perSecond = jobs / ((System.nanoTime() - begun) / 1e9);
      poller.stop();
      System.out.printf(
          "polls during one updateMany: p50 %.1f ms, p95 %.1f ms%n",
          poller.percentile(50), poller.percentile(95));
    }
    database.drop();
    return perSecond;
  }

  private static void update(MongoCollection<Document> collection) {
    collection.updateMany(
        new Document("batch_id", Upload.LARGE)
            .append("status", new Document("$in", List.of("pending", "scheduled"))),
        new Document(
            "$set",
            new Document("status", "cancelled")
                .append("cancellation_reason", LargeCancel.REASON)
                .append("updated_at", new Date())));
  }

  private static LargeCancel.Result ours(Cluster cluster, int jobs) {
    MongoDatabase database = cluster.database("million_ours");
    Upload.into(database, cluster.uri(), jobs);
    LargeCancel.Result result = LargeCancel.run(cluster, database, jobs);
    database.drop();
    return result;
  }
}

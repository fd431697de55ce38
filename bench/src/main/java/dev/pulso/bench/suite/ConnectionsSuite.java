package dev.pulso.bench.suite;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Lab;
import dev.pulso.config.Settings;
import dev.pulso.functions.status.BatchStatusHandler;
import dev.pulso.local.database.Cluster;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bson.Document;

/** Counts at three members the connections that copies of a function hold. */
public final class ConnectionsSuite {
  private static final int MEMBERS = 3;
  private static final int COPIES = 50;
  private static final int JOBS = 20_000;
  private static final String BATCH = "connections";

  /** Longer than two heartbeats, so that each copy monitors each member. */
  private static final Duration POLLED = Duration.ofSeconds(12);

  private final Lab lab;

  public ConnectionsSuite(Lab lab) {
    this.lab = lab;
  }

  /** Counts what is possible on this machine. */
  public void run() {
    if (Cluster.obstacle().isPresent()) {
      lab.say("connections skipped: %s", Cluster.obstacle().get());
      return;
    }
    try (Cluster cluster = Cluster.onDisk(MEMBERS)) {
      upload(cluster.database("pulso"));
      List<Pulso> copies = IntStream.range(0, COPIES).mapToObj(i -> copy(cluster)).toList();
      poll(copies);
      note("connections of %d copies of status".formatted(COPIES), count(cluster));
      copies.forEach(Pulso::close);
      try (Pulso copy = copy(cluster)) {
        copy.makeIndexes();
        copy.services()
            .cancel()
            .cancel(
                Caller.ANONYMOUS,
                new BatchAddress(BATCH),
                Optional.empty(),
                Origin.NONE,
                Deadline.in(Duration.ofSeconds(25)));
        note("connections of a copy that cancelled %,d jobs".formatted(JOBS), count(cluster));
      }
    }
  }

  private static Pulso copy(Cluster cluster) {
    Map<String, String> environment =
        Map.of("ALLOW_ANONYMOUS", "true", "MONGODB_URI", cluster.uri(), "STATUS_RATE_LIMIT", "off");
    return Pulso.open(Pulso.Options.of(Settings.from(environment)));
  }

  private static void upload(MongoDatabase database) {
    Date now = new Date();
    Document batch = new Document("batch_id", BATCH).append("is_active", true);
    database.getCollection("batches").insertOne(batch.append("created_at", now));
    List<Document> jobs = new ArrayList<>();
    for (int i = 0; i < JOBS; i++) {
      jobs.add(
          new Document("batch_id", BATCH)
              .append("status", "pending")
              .append("created_at", now)
              .append("updated_at", now));
    }
    database.getCollection("jobs").insertMany(jobs);
  }

  private static void poll(List<Pulso> copies) {
    APIGatewayV2HTTPEvent event = Events.status(BATCH);
    List<BatchStatusHandler> handlers = copies.stream().map(BatchStatusHandler::new).toList();
    long end = System.nanoTime() + POLLED.toNanos();
    do {
      for (BatchStatusHandler handler : handlers) {
        int status = handler.handleRequest(event, null).getStatusCode();
        if (status != 200) {
          throw new IllegalStateException("answered with " + status);
        }
      }
    } while (System.nanoTime() < end);
  }

  private void note(String what, List<Integer> counts) {
    int all = counts.stream().mapToInt(Integer::intValue).sum();
    String value = "%d on the primary, %d and %d on the others, %d in all";
    lab.report().note(0, what, value, counts.get(0), counts.get(1), counts.get(2), all);
  }

  /** Returns Pulso's connections to each member, the primary first. */
  private static List<Integer> count(Cluster cluster) {
    Document hello = cluster.database("admin").runCommand(new Document("hello", 1));
    String primary = hello.getString("primary");
    List<String> members = new ArrayList<>(hello.getList("hosts", String.class));
    members.remove(primary);
    members.addFirst(primary);
    return members.stream().map(ConnectionsSuite::count).toList();
  }

  private static int count(String member) {
    Document all = new Document("allUsers", true).append("idleConnections", true);
    try (MongoClient direct =
        MongoClients.create("mongodb://" + member + "/?directConnection=true")) {
      return direct
          .getDatabase("admin")
          .aggregate(
              List.of(
                  new Document("$currentOp", all),
                  Aggregates.match(
                      Filters.and(Filters.eq("appName", "pulso"), Filters.exists("client")))))
          .into(new ArrayList<>())
          .size();
    }
  }
}

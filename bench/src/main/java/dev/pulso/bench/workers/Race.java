package dev.pulso.bench.workers;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import dev.pulso.bench.process.Api;
import dev.pulso.bench.process.Child;
import dev.pulso.local.database.MongoServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.bson.Document;

/**
 * Workers in several processes, uploads and cancels run concurrently on the same batches; then
 * every job is checked: {@code bench/workers [CANCELS [PROCESSES [SEED]]]}.
 */
public final class Race {
  static final String DATABASE = "race";
  private static final Duration BETWEEN_UPKEEPS = Duration.ofMillis(500);
  private static final int CHUNK = 40;
  private static final Pattern CLAIMED = Pattern.compile("^claimed ([0-9]+)$");

  private final String uri;
  private final MongoDatabase database;
  private final Random random;
  private final int cancels;
  private final Map<String, Long> markerSeenAt = new TreeMap<>();
  private long uploaded;
  private long claims;

  /**
   * @param database a database of the same server
   * @param cancels number of cancelled batches; half as many more are not cancelled
   */
  public Race(String uri, MongoDatabase database, int cancels, long seed) {
    this.uri = uri;
    this.database = database;
    this.cancels = cancels;
    this.random = new Random(seed);
  }

  public static void main(String[] arguments) {
    int cancels = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
    int processes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 4;
    long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : System.nanoTime();
    System.out.println("seed " + seed);
    try (MongoServer server = MongoServer.forTests();
        MongoClient client = MongoClients.create(server.uri())) {
      Race race = new Race(server.uri(), client.getDatabase(DATABASE), cancels, seed);
      List<String> breaches = race.run(processes);
      client.getDatabase(DATABASE).drop();
      breaches.forEach(breach -> System.out.println("BROKEN: " + breach));
      System.exit(breaches.isEmpty() ? 0 : 1);
    }
  }

  /** Lets them race, with so many processes of workers, and returns what did not hold. */
  List<String> run(int processes) {
    database.drop();
    try (Api api = new Api(uri, DATABASE, Duration.ofSeconds(29), Map.of());
        Api upkeep = new Api(uri, DATABASE, Duration.ofSeconds(29), Map.of())) {
      upkeep.upkeep();
      List<Child> workers = new ArrayList<>();
      try {
        for (int i = 0; i < batches(); i++) {
          batch(i);
        }
        for (int i = 0; i < processes; i++) {
          workers.add(worker(i));
        }
        awaitFirstClaim();
        race(api, upkeep);
        claims = workers.stream().mapToLong(Race::finish).sum();
        long late = waiting();
        int upkeeps = 0;
        // A slow database may leave work to a later run.
        while (upkeeps < 2 || (waiting() > 0 && upkeeps < 20)) {
          upkeep.upkeep();
          upkeeps++;
        }
        Finish finish = new Finish(database, markerSeenAt);
        finish.look(api, uploaded, claims);
        System.out.printf(
            "%,d jobs uploaded, %,d claims by %d processes of 16 workers, %d batches cancelled%n"
                + "%s%n%d jobs waited there at the end, %d after %d upkeep runs%n",
            uploaded, claims, processes, cancelled(), finish.summary(), late, waiting(), upkeeps);
        return finish.breaches();
      } finally {
        workers.forEach(Child::close);
      }
    }
  }

  private Child worker(int seed) {
    return Child.java(Worker.class, List.of("-Xmx128m"), Map.of(), uri, DATABASE, "" + seed);
  }

  /** Waits for its calls to end, and returns its number of claims. */
  private static long finish(Child worker) {
    worker.endInput();
    return Long.parseLong(worker.awaitLine(CLAIMED).group(1));
  }

  int cancelled() {
    return markerSeenAt.size();
  }

  /** How often workers claimed a job. */
  long claims() {
    return claims;
  }

  private int batches() {
    return cancels + cancels / 2;
  }

  private void awaitFirstClaim() {
    while (database.getCollection("jobs").find(new Document("attempts", 1)).first() == null) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  /** Uploads to any batch, also cancelled ones, until the last cancel. */
  private void race(Api api, Api upkeep) {
    AtomicBoolean racing = new AtomicBoolean(true);
    CompletableFuture<Void> keeping =
        CompletableFuture.runAsync(
            () -> {
              while (racing.get()) {
                upkeep.upkeep();
                LockSupport.parkNanos(BETWEEN_UPKEEPS.toNanos());
              }
            });
    for (int i = 0; i < cancels; i++) {
      jobs(name(random.nextInt(batches())));
      jobs(name(random.nextInt(i + 1)));
      cancel(api, name(i));
    }
    racing.set(false);
    keeping.join();
  }

  /**
   * Notes when anybody who looks sees the marker, which is before the answer comes. Where the
   * answer is that the database could not be reached in time, it is asked again, as callers are
   * told to.
   */
  private void cancel(Api api, String batch) {
    CompletableFuture<HttpResponse<String>> answer = ask(api, batch);
    boolean answered = false;
    while (!isMarked(batch)) {
      if (answered && answer.join().statusCode() != 503) {
        throw new IllegalStateException(batch + " has no marker: " + answer.join().body());
      }
      answer = answered ? ask(api, batch) : answer;
      answered = answer.isDone();
    }
    markerSeenAt.put(batch, System.currentTimeMillis());
    answer.join();
  }

  private static CompletableFuture<HttpResponse<String>> ask(Api api, String batch) {
    return api.cancel(batch, "Cliente solicitó detención");
  }

  private boolean isMarked(String batch) {
    return database
            .getCollection("batches")
            .find(new Document("batch_id", batch).append("cancelled_at", new Document("$ne", null)))
            .first()
        != null;
  }

  private long waiting() {
    return database
        .getCollection("jobs")
        .countDocuments(
            new Document("batch_id", new Document("$in", markerSeenAt.keySet()))
                .append("status", new Document("$in", List.of("pending", "scheduled"))));
  }

  private static String name(int number) {
    return "race-" + number;
  }

  private void batch(int number) {
    database
        .getCollection("batches")
        .insertOne(
            new Document("batch_id", name(number))
                .append("account_id", "acc-chile-001")
                .append("is_active", true)
                .append("created_at", new Date()));
    jobs(name(number));
  }

  private void jobs(String batch) {
    List<Document> jobs = new ArrayList<>();
    for (int i = 0; i < CHUNK; i++) {
      jobs.add(
          new Document("_id", "job-" + ++uploaded)
              .append("batch_id", batch)
              .append("account_id", "acc-chile-001")
              .append("status", i % 8 == 0 ? "scheduled" : "pending")
              .append("attempts", 0)
              .append("max_attempts", 3)
              .append("created_at", new Date()));
    }
    database.getCollection("jobs").insertMany(jobs);
  }
}

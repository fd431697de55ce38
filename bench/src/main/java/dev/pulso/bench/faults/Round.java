package dev.pulso.bench.faults;

import dev.pulso.Pulso;
import dev.pulso.bench.process.Api;
import dev.pulso.config.Settings;
import dev.pulso.fixture.Unhurried;
import dev.pulso.local.database.Cluster;
import dev.pulso.mongo.LiveDb;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;

/** Cancels with a fault at a random moment, and the check of their results. */
final class Round implements AutoCloseable {
  static final String FIRST = "Cliente solicitó detención";
  static final String SECOND = "demasiado tarde";
  private static final String DATABASE = "faults";

  private final Cluster cluster;
  private final Duration timeout;
  private final int size;
  private final Random random;
  private final List<Uploaded> batches = new ArrayList<>();
  private final Map<Integer, Integer> answers = new LinkedHashMap<>();
  private volatile long takesNanos;
  private Api api;

  /**
   * @param timeout of the functions
   * @param size jobs per batch
   */
  Round(Cluster cluster, Duration timeout, int size, long seed) {
    this.cluster = cluster;
    this.timeout = timeout;
    this.size = size;
    this.random = new Random(seed);
    cluster.database(DATABASE).drop();
    makeIndexes(cluster, DATABASE);
    startApi();
  }

  /** A new set may take longer to make indexes than a function waits. */
  static void makeIndexes(Cluster cluster, String name) {
    Settings settings =
        Settings.from(Map.of("MONGODB_URI", cluster.uri(), "MONGODB_DATABASE", name));
    LiveDb database = LiveDb.of(settings, Unhurried::unhurried);
    try (Pulso pulso = Pulso.open(Pulso.Options.of(settings).withDatabase(database))) {
      pulso.makeIndexes();
    }
  }

  Api api() {
    return api;
  }

  void startApi() {
    api = new Api(cluster.uri(), DATABASE, timeout, Map.of());
  }

  /** Measures a cancel without a fault; successful cancels update the estimate. */
  void undisturbed(String name) {
    Uploaded batch = upload(name);
    long begun = System.nanoTime();
    note(api.cancel(batch.id(), FIRST));
    takesNanos = System.nanoTime() - begun;
  }

  private Uploaded upload(String name) {
    Uploaded batch = Uploaded.into(cluster.database(DATABASE), name, size);
    batches.add(batch);
    if (batches.size() % 2 == 0) {
      // A counted large batch is cancelled by two concurrent updates, others first by one.
      api.ask("GET", "/api/v1/batches/" + name + "/status").join();
    }
    return batch;
  }

  /** Starts a cancel, and causes the fault at a random moment of it. */
  void hit(String name, Runnable fault) {
    Uploaded batch = upload(name);
    long begun = System.nanoTime();
    CompletableFuture<HttpResponse<String>> answer = api.cancel(batch.id(), FIRST);
    answer.thenRun(() -> takesNanos = Math.min(takesNanos, System.nanoTime() - begun));
    LockSupport.parkNanos((long) (random.nextDouble() * takesNanos));
    fault.run();
    note(answer);
  }

  /** Notes the status; 0 means no answer. */
  private void note(CompletableFuture<HttpResponse<String>> answer) {
    int status;
    try {
      status = answer.join().statusCode();
    } catch (CompletionException e) {
      status = 0;
    }
    answers.merge(status, 1, Integer::sum);
  }

  /** Returns the statuses and their numbers. */
  String answers() {
    List<String> texts = new ArrayList<>();
    answers.forEach((status, times) -> texts.add(times + " x " + (status == 0 ? "none" : status)));
    return String.join(", ", texts);
  }

  /** Waits until the remaining work is done, and checks every batch. */
  Outcome outcome(String fault, Duration patience) {
    Invariants invariants = new Invariants(cluster.database(DATABASE));
    long marked = batches.stream().filter(invariants::isMarked).count();
    long cutOff = batches.stream().filter(b -> !invariants.isClosed(b)).count();
    long end = System.nanoTime() + patience.toNanos();
    List<Uploaded> again = batches.stream().filter(b -> !invariants.isMarked(b)).toList();
    List<Uploaded> open = new ArrayList<>(batches);
    while (!open.isEmpty() && System.nanoTime() < end) {
      again.stream()
          .filter(batch -> !invariants.isMarked(batch))
          .forEach(batch -> api.cancel(batch.id(), SECOND).join());
      api.upkeep();
      open.removeIf(invariants::isClosed);
    }
    List<String> breaches = new ArrayList<>();
    int held = 0;
    for (Uploaded batch : batches) {
      List<String> found =
          open.contains(batch)
              ? List.of(batch.id() + " is not settled within " + patience.toSeconds() + " s")
              : invariants.breaches(batch, again.contains(batch) ? SECOND : FIRST);
      held += found.isEmpty() ? 1 : 0;
      breaches.addAll(found);
    }
    return new Outcome(
        fault,
        batches.size(),
        held,
        "answers: %s; marker set in %d, cut off after it %d"
            .formatted(answers(), marked, cutOff - (batches.size() - marked)),
        breaches);
  }

  @Override
  public void close() {
    api.close();
  }
}

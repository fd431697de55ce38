package dev.pulso.bench.faults;

import dev.pulso.bench.process.Api;
import dev.pulso.bench.process.Child;
import dev.pulso.local.database.Cluster;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A frozen mongod: its sockets are open, but it does not answer. */
public final class Freeze {
  /** What the contract promises of each answer. */
  public static final Duration ANSWERED = Duration.ofSeconds(5);

  private static final Duration BACK = Duration.ofSeconds(5);
  private static final String BATCH = "/api/v1/batches/frozen/";
  private static final Map<String, String> ENDPOINTS = new LinkedHashMap<>();

  static {
    ENDPOINTS.put(BATCH + "status", "GET");
    ENDPOINTS.put(BATCH + "summary", "GET");
    ENDPOINTS.put("/api/v1/dashboard/overview", "GET");
    ENDPOINTS.put(BATCH + "pause", "POST");
    ENDPOINTS.put(BATCH + "resume", "POST");
    ENDPOINTS.put(BATCH + "cancel", "POST");
  }

  private final Duration answered;
  private final List<String> breaches = new ArrayList<>();

  /** Of each endpoint in this freeze, in ms: the driver does not know yet that mongod is away. */
  private final Map<String, Long> first = new LinkedHashMap<>();

  /** Of the first answers of all freezes: a machine that stalls makes a single one late. */
  private final Map<String, Long> quickest = new LinkedHashMap<>();

  private long slowest;
  private long longestBack;

  /**
   * Prepares it.
   *
   * @param answered within what each endpoint has to answer while mongod is frozen
   */
  public Freeze(Duration answered) {
    this.answered = answered;
  }

  /** Calls every endpoint while mongod is frozen for this long, and afterwards. */
  public Outcome tries(int tries, Duration stopped) {
    int held = 0;
    try (Cluster cluster = Cluster.onDisk(1);
        Api api = new Api(cluster.uri(), "frozen", Duration.ofSeconds(29), Map.of())) {
      for (int i = 0; i < tries; i++) {
        int before = breaches.size();
        cluster.database("frozen").drop();
        Uploaded.into(cluster.database("frozen"), "frozen", 100);
        // Not the cancel, which would leave nothing to call.
        ENDPOINTS.forEach((path, method) -> warm(api, path, method));
        once(cluster, api, stopped);
        held += breaches.size() == before ? 1 : 0;
      }
    }
    quickest.forEach(
        (path, took) -> {
          if (took > answered.toMillis()) {
            breaches.add(path + " answers after " + took + " ms while mongod is away");
          }
        });
    return new Outcome(
        "SIGSTOP of mongod for " + stopped.toSeconds() + " s",
        tries,
        held,
        "six endpoints: slowest 503 after %d ms, slowest 200 after %d ms when it was back"
            .formatted(slowest, longestBack),
        breaches);
  }

  private static void warm(Api api, String path, String method) {
    if (!path.endsWith("cancel")) {
      api.ask(method, path).join();
    }
  }

  private void once(Cluster cluster, Api api, Duration stopped) {
    send("-STOP", cluster);
    long end = System.nanoTime() + stopped.toNanos();
    first.clear();
    try {
      do {
        List<CompletableFuture<Void>> asked = new ArrayList<>();
        ENDPOINTS.forEach((path, method) -> asked.add(away(api, path, method)));
        asked.forEach(CompletableFuture::join);
      } while (System.nanoTime() < end);
    } finally {
      send("-CONT", cluster);
    }
    first.forEach((path, took) -> quickest.merge(path, took, Math::min));
    ENDPOINTS.forEach((path, method) -> back(api, path, method));
  }

  /** Sends SIGSTOP, after which sockets stay open but mongod does nothing, or SIGCONT. */
  private static void send(String signal, Cluster cluster) {
    Child.run(List.of("kill", signal, "" + cluster.process().pid()), Map.of());
  }

  private CompletableFuture<Void> away(Api api, String path, String method) {
    long asked = System.nanoTime();
    return api.ask(method, path)
        .thenAccept(
            answer -> {
              long took = millisSince(asked);
              synchronized (this) {
                slowest = Math.max(slowest, took);
                first.putIfAbsent(path, took);
                if (answer.statusCode() != 503
                    || answer.headers().map().get("Retry-After") == null) {
                  breaches.add(path + " answers " + answer.statusCode() + " while mongod is away");
                }
              }
            });
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  /** A request that begins after the promised time is answered. One that began before may fail. */
  private void back(Api api, String path, String method) {
    long since = System.nanoTime();
    while (true) {
      long asked = millisSince(since);
      HttpResponse<String> answer = api.ask(method, path).join();
      if (answer.statusCode() == 200) {
        longestBack = Math.max(longestBack, millisSince(since));
        return;
      }
      if (asked > BACK.toMillis()) {
        breaches.add(path + " still answers " + answer.statusCode() + " after " + asked + " ms");
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }
}

package dev.pulso.bench.faults;

import com.mongodb.client.MongoDatabase;
import dev.pulso.bench.process.Api;
import dev.pulso.local.database.Cluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.Document;

/**
 * The clock of the API process is an hour off, by libfaketime (Debian package libfaketime). The
 * monotonic clock is right, as on a real machine with a wrong clock.
 */
public final class WrongClock {
  private static final Duration NEAR = Duration.ofMinutes(2);

  private WrongClock() {}

  /** Returns the library, if it is installed. */
  public static Optional<Path> library() {
    return Stream.of("x86_64-linux-gnu", "aarch64-linux-gnu")
        .map(arch -> Path.of("/usr/lib", arch, "faketime", "libfaketime.so.1"))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /** Cancels, polls and runs upkeep in two processes, one an hour early and one an hour late. */
  public static Outcome tries(int tries) {
    List<String> breaches = new ArrayList<>();
    int held = 0;
    try (Cluster cluster = Cluster.onDisk(1);
        Api early = api(cluster, "-1h");
        Api late = api(cluster, "+1h")) {
      MongoDatabase database = cluster.database("clock");
      for (int i = 0; i < tries; i++) {
        List<String> found =
            once(database, i % 2 == 0 ? early : late, i % 2 == 0 ? late : early, i);
        held += found.isEmpty() ? 1 : 0;
        breaches.addAll(found);
      }
    }
    return new Outcome(
        "clocks of two API processes an hour off, one early and one late",
        tries,
        held,
        "counters fresh, leases short, every time stored is the server's",
        breaches);
  }

  private static Api api(Cluster cluster, String offset) {
    return new Api(
        cluster.uri(),
        "clock",
        Duration.ofSeconds(29),
        Map.of(
            "LD_PRELOAD",
            library().orElseThrow().toString(),
            "FAKETIME",
            offset,
            "FAKETIME_DONT_FAKE_MONOTONIC",
            "1",
            "DONT_FAKE_MONOTONIC",
            "1"));
  }

  private static List<String> once(MongoDatabase database, Api one, Api other, int number) {
    List<String> breaches = new ArrayList<>();
    Uploaded batch = Uploaded.into(database, "clock-" + number, 800);
    String path = "/api/v1/batches/" + batch.id();
    one.ask("GET", path + "/status").join();
    String polled = other.ask("GET", path + "/status").join().body();
    if (!polled.contains("\"total_jobs\":800,")) {
      breaches.add(batch.id() + " is not counted: " + polled);
    }
    other.ask("POST", path + "/pause").join();
    one.cancel(batch.id(), Round.FIRST).join();
    other.cancel(batch.id(), Round.SECOND).join();
    other.upkeep();
    one.upkeep();
    breaches.addAll(new Invariants(database).breaches(batch, Round.FIRST));
    times(database, batch, breaches);
    return breaches;
  }

  private static void times(MongoDatabase database, Uploaded batch, List<String> breaches) {
    Document byBatch = new Document("batch_id", batch.id());
    Document found = database.getCollection("batches").find(byBatch).first();
    for (String field : List.of("cancelled_at", "completed_at", "updated_at")) {
      check(found.getDate(field), batch.id() + " " + field, breaches);
    }
    database
        .getCollection("jobs")
        .find(new Document(byBatch).append("status", "cancelled"))
        .forEach(job -> check(job.getDate("updated_at"), batch.id() + " a job's stamp", breaches));
    database
        .getCollection("audit_log")
        .find(byBatch)
        .forEach(entry -> check(entry.getDate("at"), batch.id() + " audit", breaches));
    // A group whose recount had no time left yet has a lease only.
    Document counted = new Document("taken_at", new Document("$exists", true));
    for (Document snapshot : database.getCollection("pulso_tallies").find(counted)) {
      check(snapshot.getDate("taken_at"), batch.id() + " taken_at of a snapshot", breaches);
    }
  }

  private static void check(Date time, String what, List<String> breaches) {
    if (time == null) {
      breaches.add(what + " is missing");
      return;
    }
    Duration off = Duration.between(time.toInstant(), Instant.now()).abs();
    if (off.compareTo(NEAR) > 0) {
      breaches.add(what + " is " + off.toMinutes() + " min off");
    }
  }
}

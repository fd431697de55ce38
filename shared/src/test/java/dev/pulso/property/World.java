package dev.pulso.property;

import static dev.pulso.fixture.Unhurried.unhurried;

import dev.pulso.Pulso;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.IndependentWrites;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bson.Document;

/**
 * The world of a story: a database, the processes of Pulso, and the other programs that write to
 * it.
 */
final class World {
  static final List<String> BATCHES = List.of("a", "b");

  private static final int MOST_RUNS = 6;

  private final PulsoFixture fixture;
  private final Map<String, Optional<String>> cancels = new HashMap<>();
  private final List<FrozenProcess> frozen = new ArrayList<>();
  private final Map<Object, List<Object>> selected = new HashMap<>();
  private int jobs;

  World(PulsoFixture fixture) {
    this.fixture = fixture;
    for (var collection :
        List.of(
            db().jobs(),
            db().batches(),
            db().auditLog(),
            db().counterSnapshots(),
            db().progress(),
            db().operations())) {
      unhurried(collection).deleteMany(new Document());
    }
    for (String id : BATCHES) {
      fixture.batches(newBatch(id));
    }
  }

  private static Document newBatch(String id) {
    return new Document("_id", "batch " + id)
        .append("batch_id", id)
        .append("account_id", "acc-" + id)
        .append("name", "Campaña " + id)
        .append("is_active", true)
        .append("call_settings", new Document("lines", 4))
        .append("total_jobs", 999)
        .append("total_cost", 12.5)
        .append("created_at", Date.from(Instant.now()))
        .append("completed_at", null);
  }

  PulsoFixture fixture() {
    return fixture;
  }

  Db db() {
    return fixture.db();
  }

  /** Returns the first reason of each cancelled batch. */
  Map<String, Optional<String>> cancels() {
    return cancels;
  }

  /** Returns the batches that an operation selected, all if it finished in the step it began. */
  List<Object> selected(Document operation) {
    return selected.getOrDefault(operation.get("_id"), List.of("batch a", "batch b"));
  }

  String nextJobId() {
    return "job " + ++jobs;
  }

  /** Runs an operation in a process that may die, and then checks the step. */
  MortalProcess act(Fate fate, Consumer<Pulso> work) {
    Snapshot before = Snapshot.of(db());
    MortalProcess process = new MortalProcess(fixture, fate);
    process.live(work);
    check(before);
    return process;
  }

  /** Runs an operation in the process that never dies. */
  void act(Consumer<Pulso> work) {
    Snapshot before = Snapshot.of(db());
    work.accept(fixture.pulso());
    check(before);
  }

  /** Starts an operation in a process that freezes in the middle. */
  void freeze(Fate fate, Consumer<Pulso> work) {
    Snapshot before = Snapshot.of(db());
    frozen.add(new FrozenProcess(fixture, fate, work));
    check(before);
    letTimePass();
  }

  /** Resumes all frozen processes. */
  void thaw() {
    Snapshot before = Snapshot.of(db());
    frozen.forEach(FrozenProcess::thaw);
    frozen.clear();
    check(before);
  }

  private void check(Snapshot before) {
    Snapshot after = Snapshot.of(db());
    db().operations()
        .find(new Document("unfinished", true))
        .forEach(one -> selected.put(one.get("_id"), one.getList("batches", Object.class)));
    after
        .batches()
        .values()
        .forEach(
            batch -> {
              if (batch.get("cancelled_at") != null) {
                cancels.putIfAbsent(
                    batch.getString("batch_id"),
                    Optional.ofNullable(batch.getString("cancellation_reason")));
              }
            });
    before.checkStep(after, cancels);
  }

  /** Simulates a minute: leases and minimum intervals expire, and polls are due again. */
  void letTimePass() {
    Document longAgo = new Document("$toDate", 0L);
    db().counterSnapshots()
        .updateMany(
            new Document(),
            List.of(
                new Document(
                    "$set",
                    new Document("lease_until", longAgo)
                        .append("count_cost_ms", 0L)
                        .append("sums_cost_ms", 0L))));
    db().progress()
        .updateMany(
            new Document(),
            List.of(
                new Document(
                    "$set", new Document("lease_until", longAgo).append("due_at", longAgo))));
    db().operations()
        .updateMany(
            new Document("unfinished", true),
            List.of(new Document("$set", new Document("lease_until", longAgo))));
    db().batches()
        .updateMany(
            new Document("pulso.due_at", new Document("$exists", true)),
            List.of(new Document("$set", new Document("pulso.due_at", longAgo))));
  }

  /**
   * Resumes frozen processes, lets time pass, and runs upkeep twice, as the contract says; a slow
   * run does not count, because it may leave to the next one what it waited for.
   *
   * @return number of checked batches
   */
  int settle() {
    thaw();
    int quick = 0;
    for (int run = 0; quick < 2 && run < MOST_RUNS; run++) {
      letTimePass();
      long start = System.nanoTime();
      act(pulso -> pulso.runUpkeep(Duration.ofSeconds(20)));
      quick += System.nanoTime() - start < IndependentWrites.UNHURRIED.toNanos() ? 1 : 0;
    }
    return Truth.check(this);
  }

  /** Returns an operation that ignores deleted batches. */
  static Consumer<Pulso> unlessDeleted(Consumer<Pulso> work) {
    return pulso -> {
      try {
        work.accept(pulso);
      } catch (BatchNotFoundException e) {
        // The caller gets a 404, and nothing else happens.
      }
    };
  }
}

package dev.pulso.bench.push;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Updates;
import dev.pulso.bench.lab.Loader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.bson.Document;

/**
 * A batch whose jobs change one by one, in rounds: to done, to failed, to pending again. So it can
 * go on for ever with some hundred jobs, and counters still tell which changes they include: within
 * three rounds no two moments have the same.
 */
final class LoopBatch {
  /** Jobs that stay pending, so that the batch is never about to complete. */
  private static final int WAITING = 100;

  private static final List<String> ROUNDS = List.of("done", "failed", "pending");

  private final MongoCollection<Document> jobs;
  private final String id;
  private final List<Object> loop = new ArrayList<>();
  private final AtomicLongArray endedAt;
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private volatile Switch lastSwitch = new Switch(0, "active", System.nanoTime());

  /**
   * A new state.
   *
   * @param number grows with each; 0 for the first state
   * @param askedAt when it was asked for, on the monotonic clock
   */
  record Switch(long number, String state, long askedAt) {}

  /** Uploads a batch with so many jobs. */
  LoopBatch(MongoDatabase database, Loader loader, String id, int size) {
    this.jobs = database.getCollection("jobs");
    this.id = id;
    loader.upload(id, size);
    jobs.find(Filters.eq("batch_id", id))
        .projection(Projections.include("_id"))
        .limit(size - WAITING)
        .forEach(job -> loop.add(job.get("_id")));
    this.endedAt = new AtomicLongArray(ROUNDS.size() * loop.size());
  }

  String id() {
    return id;
  }

  /** Changes the next job. Called by one thread at a time. */
  void change() {
    long number = begun.incrementAndGet();
    long before = number - 1;
    String status = ROUNDS.get((int) (before / loop.size() % ROUNDS.size()));
    jobs.updateOne(
        Filters.eq("_id", loop.get((int) (before % loop.size()))),
        Updates.combine(Updates.set("status", status), Updates.currentDate("updated_at")));
    endedAt.set(slot(number), System.nanoTime());
    ended.set(number);
  }

  private int slot(long number) {
    return (int) (number % endedAt.length());
  }

  /** Returns the number of changes so far. */
  long changes() {
    return ended.get();
  }

  /** Returns the number of a change that all counters include from now on. */
  long surelyCounted() {
    return Math.max(0, ended.get() - loop.size());
  }

  /**
   * Returns the number of the last change that counters include.
   *
   * @param known number of a change that they surely include, less than three rounds ago
   * @throws IllegalArgumentException when they were never those of this batch, or are older
   */
  long included(long known, Told.Counters counters) {
    long size = loop.size();
    long looping = counters.pending() - WAITING;
    long completed = counters.completed();
    long failed = counters.failed();
    long position;
    if (looping + completed + failed != size) {
      throw new IllegalArgumentException("the counters of " + id + " do not add up");
    } else if (failed == 0) {
      position = completed;
    } else if (looping == 0) {
      position = size + failed;
    } else if (completed == 0) {
      position = 2 * size + looping;
    } else {
      throw new IllegalArgumentException("the counters of " + id + " are of several moments");
    }
    long last = known + Math.floorMod(position - known, (long) endedAt.length());
    if (last > begun.get()) {
      throw new IllegalArgumentException("older counters of " + id + " came after newer ones");
    }
    return last;
  }

  /**
   * Returns how long ago the database acknowledged a change, in ns; 0 if it did not yet.
   *
   * @param number at most three rounds ago
   */
  long age(long number, long now) {
    return number > ended.get() ? 0 : Math.max(0, now - endedAt.get(slot(number)));
  }

  /** Returns the last state that was asked for. */
  Switch lastSwitch() {
    return lastSwitch;
  }

  /** Notes that a state is about to be asked for. */
  void beginSwitch(String state) {
    lastSwitch = new Switch(lastSwitch.number() + 1, state, System.nanoTime());
  }
}

package dev.pulso.bench.suite;

import com.mongodb.client.MongoDatabase;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.Loader;
import dev.pulso.bench.lab.ServerUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/** People who ask at a steady pace while workers finish two hundred jobs a second. */
final class Crowd {
  private static final int WORKERS = 20;
  private static final int CHANGES_PER_SECOND = 200;
  private static final long SECOND = 1_000_000_000L;

  private final Lab lab;
  private final Map<String, SoakBatch> batches = new LinkedHashMap<>();
  private final int jobsPerBatch;

  /**
   * Uploads batches with enough jobs for this long.
   *
   * @param database is dropped first
   */
  Crowd(Lab lab, MongoDatabase database, int batches, Duration length) {
    this.lab = lab;
    this.jobsPerBatch = (int) (length.toSeconds() * CHANGES_PER_SECOND / batches * 11 / 10) + 200;
    database.drop();
    Loader loader = new Loader(database);
    loader.makeUsualIndexes();
    for (int i = 0; i < batches; i++) {
      SoakBatch batch = new SoakBatch(database, "soak-%03d".formatted(i), jobsPerBatch);
      this.batches.put(batch.id(), batch);
      loader.upload(batch.id(), jobsPerBatch);
    }
  }

  /** Returns the batches by batch_id. */
  Map<String, SoakBatch> batches() {
    return batches;
  }

  long jobs() {
    return (long) jobsPerBatch * batches.size();
  }

  /**
   * The results of a phase.
   *
   * @param coreShare share of one core that mongod used
   */
  record Phase(double coreShare, long changes, List<Long> heapMb, List<Long> mongodMb) {}

  /**
   * Lets this many people ask.
   *
   * @param pause time from one request of a person to the next
   * @param request the request of the person with this number
   */
  Phase during(Duration length, int people, Duration pause, IntConsumer request) {
    long end = System.nanoTime() + length.toNanos();
    double before = ServerUsage.of(lab.client()).cpuSeconds();
    List<SoakBatch> changing = List.copyOf(batches.values());
    List<Long> heap = new ArrayList<>();
    List<Long> resident = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Long>> requests = new ArrayList<>();
      List<CompletableFuture<Long>> works = new ArrayList<>();
      for (int i = 0; i < people; i++) {
        int person = i;
        long delay = person * pause.toNanos() / people;
        requests.add(every(pause.toNanos(), delay, end, n -> request.accept(person), threads));
      }
      for (int i = 0; i < WORKERS; i++) {
        int worker = i;
        IntConsumer task = n -> changing.get((worker + n * WORKERS) % changing.size()).finishJob();
        works.add(every(SECOND * WORKERS / CHANGES_PER_SECOND, 0, end, task, threads));
      }
      for (int i = 0; i < 5; i++) {
        Thread.sleep(length.dividedBy(5));
        System.gc();
        heap.add((Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20);
        resident.add(ServerUsage.of(lab.client()).residentMb());
        lab.say("heap %d MB, mongod %d MB", heap.getLast(), resident.getLast());
      }
      requests.forEach(CompletableFuture::join);
      long changes = works.stream().mapToLong(CompletableFuture::join).sum();
      double cpu = ServerUsage.of(lab.client()).cpuSeconds() - before;
      return new Phase(cpu / (length.toNanos() / 1e9), changes, heap, resident);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Runs a task at a steady pace until the end, and returns the number of runs. */
  private static CompletableFuture<Long> every(
      long nanos, long delay, long end, IntConsumer task, ExecutorService threads) {
    return CompletableFuture.supplyAsync(
        () -> {
          long next = System.nanoTime() + delay;
          int done = 0;
          while (System.nanoTime() < end) {
            LockSupport.parkNanos(next - System.nanoTime());
            next += nanos;
            task.accept(done++);
          }
          return (long) done;
        },
        threads);
  }
}

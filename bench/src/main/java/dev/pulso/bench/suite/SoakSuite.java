package dev.pulso.bench.suite;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import dev.pulso.Pulso;
import dev.pulso.batch.Batches;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.Loader;
import dev.pulso.bench.lab.Report;
import dev.pulso.bench.lab.Samples;
import dev.pulso.bench.lab.ServerUsage;
import dev.pulso.functions.status.BatchStatusHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Two hundred users poll while two hundred jobs per second change in a hundred batches. The cost of
 * recounting is the difference in mongod's own processor time to the same reads and writes without
 * recounting.
 */
public final class SoakSuite {
  private static final int BATCHES = 100;
  private static final int POLLERS = 200;
  private static final int WORKERS = 20;
  private static final int CHANGES_PER_SECOND = 200;
  private static final long SECOND = 1_000_000_000L;

  private final Lab lab;

  public SoakSuite(Lab lab) {
    this.lab = lab;
  }

  /** Runs for this long, after a fifth of that time without recounting. */
  public void run(Duration length) {
    Duration plainLength = length.dividedBy(5);
    int perBatch =
        (int) (length.plus(plainLength).toSeconds() * CHANGES_PER_SECOND / BATCHES * 11 / 10) + 200;
    MongoDatabase database = lab.database("soak");
    database.drop();
    Loader loader = new Loader(database);
    loader.makeUsualIndexes();
    List<SoakBatch> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      batches.add(new SoakBatch(database, "soak-%03d".formatted(i), perBatch));
      loader.upload(batches.getLast().id(), perBatch);
    }
    Pulso pulso = lab.pulso(database);
    pulso.makeIndexes();
    BatchStatusHandler handler = new BatchStatusHandler(pulso);

    Phase without = phase(plainLength, batches, i -> read(database, batches.get(i).id()));
    SoakAnswers answers = new SoakAnswers(POLLERS * ((int) length.toSeconds() + 2));
    Phase with = phase(length, batches, i -> answers.poll(handler, batches.get(i)));
    report((long) perBatch * BATCHES, without, with, answers);
    database.drop();
  }

  private static void read(MongoDatabase database, String batchId) {
    database
        .getCollection("batches")
        .find(Filters.eq("batch_id", batchId))
        .projection(Batches.POLLED)
        .first();
  }

  /**
   * The results of a phase.
   *
   * @param coreShare share of one core that mongod used
   */
  private record Phase(double coreShare, long changes, List<Long> heapMb, List<Long> mongodMb) {}

  /**
   * @param poll polls the batch with this number
   */
  private Phase phase(Duration length, List<SoakBatch> batches, IntConsumer poll) {
    long end = System.nanoTime() + length.toNanos();
    double before = ServerUsage.of(lab.client()).cpuSeconds();
    List<Long> heap = new ArrayList<>();
    List<Long> resident = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Long>> polls = new ArrayList<>();
      List<CompletableFuture<Long>> works = new ArrayList<>();
      for (int i = 0; i < POLLERS; i++) {
        int poller = i;
        Runnable task = () -> poll.accept(poller % BATCHES);
        polls.add(every(SECOND, poller * SECOND / POLLERS, end, n -> task.run(), threads));
      }
      for (int i = 0; i < WORKERS; i++) {
        int worker = i;
        IntConsumer task = n -> batches.get((worker + n * WORKERS) % BATCHES).finishJob();
        works.add(every(SECOND * WORKERS / CHANGES_PER_SECOND, 0, end, task, threads));
      }
      for (int i = 0; i < 5; i++) {
        Thread.sleep(length.dividedBy(5));
        System.gc();
        heap.add((Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20);
        resident.add(ServerUsage.of(lab.client()).residentMb());
        lab.say("heap %d MB, mongod %d MB", heap.getLast(), resident.getLast());
      }
      polls.forEach(CompletableFuture::join);
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

  private void report(long jobs, Phase without, Phase with, SoakAnswers answers) {
    Report report = lab.report();
    Samples staleness = answers.staleness();
    report.row(jobs, "Pulso status among 200 pollers", answers.latencies());
    report.note(jobs, "polls, job changes", "%d, %d", staleness.sorted().length, with.changes());
    report.note(jobs, "staleness p50", "%.2f s", staleness.median() / 1e3);
    report.atMost(jobs, "staleness p99", staleness.percentile(99) / 1e3, 5, "s");
    report.note(jobs, "staleness, greatest", "%.2f s", staleness.percentile(100) / 1e3);
    report.atMost(jobs, "errors", answers.errors(), 0, "errors");
    double before = 100 * without.coreShare();
    double share = 100 * with.coreShare();
    report.atMost(jobs, "recounting, of one core of mongod", share - before, 25, "%");
    String what = "mongod in all, without and with recounting";
    report.note(jobs, what, "%.0f %% and %.0f %% of a core", before, share);
    report.note(jobs, "live heap over the time", "%s MB", with.heapMb());
    report.note(jobs, "mongod's memory over the time", "%s MB", with.mongodMb());
  }
}

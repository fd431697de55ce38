package dev.pulso.bench.soak;

import com.mongodb.client.MongoDatabase;
import dev.pulso.Pulso;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.ServerCpu;
import dev.pulso.bench.load.Installation;
import dev.pulso.bench.load.JobShape;
import dev.pulso.bench.load.UsualIndexes;
import dev.pulso.bench.measure.Samples;
import dev.pulso.bench.report.Finding;
import dev.pulso.functions.status.BatchStatusHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.RawBsonDocument;

/**
 * Two hundred users poll while two hundred jobs a second change in a hundred batches. What
 * recounting costs mongod is the difference to the same users reading and the same workers writing
 * while nobody recounts, by the processor time that mongod itself reports.
 */
public final class SoakSuite {
  private static final String SUITE = "soak";
  private static final int BATCHES = 100;
  private static final int POLLERS = 200;
  private static final int WORKERS = 20;
  private static final int CHANGES_PER_SECOND = 200;
  private static final int MB = 1 << 20;

  private final Lab lab;
  private final List<String> batchIds =
      IntStream.range(0, BATCHES).mapToObj("soak-%03d"::formatted).toList();

  public SoakSuite(Lab lab) {
    this.lab = lab;
  }

  /** Runs for that long, after a fifth of it without recounting. */
  public void run(Duration length) {
    lab.title("soak, " + length.toSeconds() + " s");
    Duration plainLength = length.dividedBy(5);
    int perBatch =
        (int) (length.plus(plainLength).toSeconds() * CHANGES_PER_SECOND / BATCHES * 11 / 10) + 200;
    MongoDatabase database = fill(perBatch);
    List<TruthLog> truth =
        IntStream.range(0, BATCHES).mapToObj(i -> new TruthLog(perBatch)).toList();
    Pulso pulso = lab.pulso(database);
    pulso.makeIndexes();
    BatchStatusHandler handler = new BatchStatusHandler(pulso);
    Workers workers = new Workers(database, batchIds, truth, CHANGES_PER_SECOND);

    Plain plain = new Plain(database, batchIds);
    Phase without = phase(plainLength, workers, plain::poll);
    int mostAnswers = POLLERS * ((int) length.toSeconds() + 2);
    Pollers pollers = new Pollers(handler, batchIds, truth, mostAnswers);
    Phase with = phase(length, workers, pollers::poll);
    report((long) perBatch * BATCHES, without, with, pollers);
    database.drop();
  }

  /** What a poller does until told to stop. */
  @FunctionalInterface
  private interface Poll {
    void as(int poller, Workers.Stop stop);
  }

  /**
   * @param coreShare how much of one core mongod took
   */
  private record Phase(double coreShare, long changes, List<Long> heapMb, List<Long> mongodMb) {}

  private Phase phase(Duration length, Workers workers, Poll poll) {
    long end = System.nanoTime() + length.toNanos();
    Workers.Stop stop = () -> System.nanoTime() > end;
    ServerCpu server = new ServerCpu(lab.client());
    ServerCpu.Usage before = server.now();
    List<Long> heap = new ArrayList<>();
    List<Long> resident = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> polls = new ArrayList<>();
      List<Future<Long>> works = new ArrayList<>();
      for (int i = 0; i < POLLERS; i++) {
        int poller = i;
        polls.add(threads.submit(() -> poll.as(poller, stop)));
      }
      for (int i = 0; i < WORKERS; i++) {
        int worker = i;
        works.add(threads.submit(() -> workers.work(worker, WORKERS, stop)));
      }
      for (int i = 0; i < 5; i++) {
        Thread.sleep(length.dividedBy(5));
        System.gc();
        heap.add((Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / MB);
        resident.add(server.now().residentMb());
        lab.out().printf("heap %d MB, mongod %d MB%n", heap.getLast(), resident.getLast());
      }
      for (Future<?> task : polls) {
        task.get();
      }
      long changes = 0;
      for (Future<Long> task : works) {
        changes += task.get();
      }
      double cpu = server.now().cpuSeconds() - before.cpuSeconds();
      return new Phase(cpu / (length.toNanos() / 1e9), changes, heap, resident);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the soak failed", e.getCause());
    }
  }

  private void report(long jobs, Phase without, Phase with, Pollers pollers) {
    Samples staleness = Samples.of(pollers.staleness());
    lab.report()
        .add(SUITE, jobs, "Pulso status among 200 pollers", Samples.of(pollers.latencies()));
    note(jobs, "polls, job changes", pollers.staleness().length + ", " + with.changes());
    note(jobs, "staleness p50", "%.2f s".formatted(staleness.median() / 1e3));
    lab.report()
        .add(Finding.atMost(SUITE, jobs, "staleness p99", staleness.percentile(99) / 1e3, 5, "s"));
    note(jobs, "staleness, greatest", "%.2f s".formatted(staleness.percentile(100) / 1e3));
    lab.report().add(Finding.atMost(SUITE, jobs, "errors", pollers.errors(), 0, "errors"));
    lab.report()
        .add(
            Finding.atMost(
                SUITE,
                jobs,
                "recounting, of one core of mongod",
                100 * (with.coreShare() - without.coreShare()),
                25,
                "%"));
    note(
        jobs,
        "mongod in all, without and with recounting",
        "%.0f %% and %.0f %% of a core"
            .formatted(100 * without.coreShare(), 100 * with.coreShare()));
    note(jobs, "live heap over the time", with.heapMb() + " MB");
    note(jobs, "mongod's memory over the time", with.mongodMb() + " MB");
  }

  private void note(long jobs, String what, String value) {
    lab.report().add(Finding.note(SUITE, jobs, what, value));
  }

  private MongoDatabase fill(int perBatch) {
    MongoDatabase database = lab.database("soak");
    database.drop();
    JobShape shape = new JobShape(Installation.of(1));
    UsualIndexes.make(database);
    for (int batch = 0; batch < BATCHES; batch++) {
      String batchId = batchIds.get(batch);
      database
          .getCollection("batches")
          .insertOne(new Document("batch_id", batchId).append("is_active", true));
      List<RawBsonDocument> jobs = new ArrayList<>(perBatch);
      for (int i = 0; i < perBatch; i++) {
        jobs.add(shape.job((long) batch * perBatch + i, batchId, batch, "pending"));
      }
      database.getCollection("jobs", RawBsonDocument.class).insertMany(jobs);
    }
    return database;
  }
}

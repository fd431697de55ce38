package dev.pulso.bench.cancel;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import dev.pulso.Pulso;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.load.UsualIndexes;
import dev.pulso.bench.measure.Samples;
import dev.pulso.bench.measure.Stopwatch;
import dev.pulso.bench.report.Finding;
import dev.pulso.functions.cancel.BatchCancelHandler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** A cancel against the single update that most people write, each on batches of their own. */
public final class CancelSuite {
  private static final String SUITE = "cancel";
  private static final String OURS = "Pulso cancel";
  private static final String THEIRS = "single updateMany";
  private static final int[] SIZES = {1_000, 10_000, 100_000, 200_000};
  private static final int ROUNDS = 6;
  private static final int OK = 200;

  /** From here on the throughput of cancelling jobs counts, and not a request's round trips. */
  private static final int LARGE = 100_000;

  private final Lab lab;

  public CancelSuite(Lab lab) {
    this.lab = lab;
  }

  /** Measures batches of the usual sizes up to this one, and what the indexes cost. */
  public void run(long most) {
    lab.title("cancel");
    MongoDatabase database = lab.database("cancel");
    database.drop();
    UsualIndexes.make(database);
    Pulso pulso = lab.pulso(database);
    pulso.makeIndexes();
    BatchCancelHandler handler = new BatchCancelHandler(pulso);
    SingleUpdate single = new SingleUpdate(database);
    for (int size : SIZES) {
      if (size <= most) {
        measure(database, handler, single, size);
      }
    }
    database.drop();
    new IndexCost(lab).measure((int) Math.min(most, 50_000));
  }

  private void measure(
      MongoDatabase database, BatchCancelHandler handler, SingleUpdate single, int size) {
    Upload upload = new Upload(database);
    LongStream.Builder ours = LongStream.builder();
    LongStream.Builder theirs = LongStream.builder();
    boolean complete = true;
    for (int round = 0; round < ROUNDS; round++) {
      String our = "ours-%d-%d".formatted(size, round);
      String their = "theirs-%d-%d".formatted(size, round);
      upload.batch(our, size);
      upload.batch(their, size);
      List<Integer> answers = new ArrayList<>();
      List<Runnable> turns =
          List.of(
              () ->
                  ours.add(
                      Stopwatch.nanos(
                          () ->
                              answers.add(
                                  handler
                                      .handleRequest(Events.cancel(our), null)
                                      .getStatusCode()))),
              () -> theirs.add(Stopwatch.nanos(() -> single.cancel(their))));
      (round % 2 == 0 ? turns : turns.reversed()).forEach(Runnable::run);
      complete &= answers.equals(List.of(OK)) && left(database, our) == 0;
    }
    Map<String, Samples> times = new LinkedHashMap<>();
    times.put(OURS, Samples.of(ours.build().toArray()));
    times.put(THEIRS, Samples.of(theirs.build().toArray()));
    lab.report().add(SUITE, size, times);
    lab.report()
        .add(Finding.must(SUITE, size, "cancelled within the request, none left", complete));
    double ratio = times.get(THEIRS).median() / times.get(OURS).median();
    String what = "throughput of a cancel against a single updateMany";
    lab.report()
        .add(
            size >= LARGE
                ? Finding.atLeast(SUITE, size, what, ratio, 1.2)
                : Finding.note(SUITE, size, what, "%.2f times".formatted(ratio)));
  }

  private static long left(MongoDatabase database, String batchId) {
    return database
        .getCollection("jobs")
        .countDocuments(
            Filters.and(Filters.eq("batch_id", batchId), Filters.ne("status", "cancelled")));
  }
}

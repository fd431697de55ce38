package dev.pulso.bench.cancel;

import com.mongodb.client.MongoDatabase;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.load.UsualIndexes;
import dev.pulso.bench.measure.Samples;
import dev.pulso.bench.report.Finding;
import java.util.stream.LongStream;

/**
 * What Pulso's three indexes on the jobs cost those who write jobs: the same uploads and the same
 * update with and without them, in turn.
 */
final class IndexCost {
  private static final String SUITE = "cancel";
  private static final int ROUNDS = 5;

  private final Lab lab;

  IndexCost(Lab lab) {
    this.lab = lab;
  }

  void measure(int jobs) {
    Side without = new Side(lab.database("without"));
    Side with = new Side(lab.database("with"));
    lab.pulso(with.database).makeIndexes();
    for (int round = 0; round <= ROUNDS; round++) {
      without.round(jobs, round);
      with.round(jobs, round);
    }
    report("upload", jobs, without.uploads(), with.uploads());
    report("updateMany of its jobs", jobs, without.updates(), with.updates());
    without.database.drop();
    with.database.drop();
  }

  private void report(String what, int jobs, Samples without, Samples with) {
    lab.report().add(SUITE, jobs, what + ", usual indexes", without);
    lab.report().add(SUITE, jobs, what + ", Pulso's three besides", with);
    double before = jobs / (without.median() / 1e3);
    double after = jobs / (with.median() / 1e3);
    lab.report()
        .add(
            Finding.note(
                SUITE,
                jobs,
                what + " without and with Pulso's indexes",
                "%,.0f and %,.0f jobs/s (%.0f %% less)"
                    .formatted(before, after, 100 - 100 * after / before)));
  }

  /** A database and what was timed in it; the first round warms up. */
  private static final class Side {
    private final MongoDatabase database;
    private final LongStream.Builder uploads = LongStream.builder();
    private final LongStream.Builder updates = LongStream.builder();

    Side(MongoDatabase database) {
      this.database = database;
      database.drop();
      UsualIndexes.make(database);
    }

    void round(int jobs, int round) {
      String batchId = "upload-" + round;
      long upload = new Upload(database).batch(batchId, jobs);
      long begun = System.nanoTime();
      new SingleUpdate(database).cancel(batchId);
      long update = System.nanoTime() - begun;
      if (round > 0) {
        uploads.add(upload);
        updates.add(update);
      }
    }

    Samples uploads() {
      return Samples.of(uploads.build().toArray());
    }

    Samples updates() {
      return Samples.of(updates.build().toArray());
    }
  }
}

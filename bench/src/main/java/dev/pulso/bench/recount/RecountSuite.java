package dev.pulso.bench.recount;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import dev.pulso.Pulso;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.load.Installation;
import dev.pulso.bench.measure.Contender;
import dev.pulso.counting.JobGroup;
import dev.pulso.counting.Recounter;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;

/**
 * A whole recount (lease, counts by status and account, today's, sums of cost and length, storing)
 * of the largest batch and of smaller ones, against counting alone as others do it.
 */
public final class RecountSuite {
  private static final String SUITE = "recount";
  private static final int LARGEST = 0;
  private static final int MIDDLE = 30;
  private static final int SMALL = 1_990;

  private final Lab lab;

  public RecountSuite(Lab lab) {
    this.lab = lab;
  }

  /** Measures it. */
  public void run(long jobs) {
    lab.title("recount, %,d jobs".formatted(jobs));
    MongoDatabase database = lab.installation(jobs);
    Pulso pulso = lab.pulso(database);
    pulso.makeIndexes();
    for (int batch : List.of(LARGEST, MIDDLE, SMALL)) {
      measure(database, pulso, Installation.batchId(batch));
    }
  }

  private void measure(MongoDatabase database, Pulso pulso, String batchId) {
    long size = database.getCollection("jobs").countDocuments(Filters.eq("batch_id", batchId));
    JobIndexes indexes = new JobIndexes(pulso.db());
    Recounter recounter = new Recounter(pulso.db(), ZoneOffset.UTC, indexes);
    CountPerStatus others = new CountPerStatus(database);
    lab.report()
        .add(
            SUITE,
            size,
            lab.inTurn(size * 1_000)
                .run(
                    List.of(
                        new Contender("Pulso recount, sums too", () -> exact(recounter, batchId)),
                        new Contender("countDocuments per status", () -> others.counts(batchId)),
                        new Contender("$group with sums", () -> others.group(batchId)))));
  }

  private static void exact(Recounter recounter, String batchId) {
    Deadline deadline = Deadline.in(Duration.ofSeconds(25));
    if (recounter.recountNow(JobGroup.of(batchId), deadline).isEmpty()) {
      throw new IllegalStateException("the recount did not come to its end");
    }
  }
}

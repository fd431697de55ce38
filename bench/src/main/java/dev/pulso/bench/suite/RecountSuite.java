package dev.pulso.bench.suite;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import dev.pulso.Pulso;
import dev.pulso.batch.JobStatus;
import dev.pulso.bench.lab.Installation;
import dev.pulso.bench.lab.Lab;
import dev.pulso.counting.JobGroup;
import dev.pulso.counting.Recounter;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Measures a complete recount (lease, counts by status and account, today's jobs, sums of cost and
 * length, storing) of the largest batch and of smaller ones, against counting alone: from what an
 * installation has without Pulso, and from Pulso's own index, which contains all that a {@code
 * $group} needs.
 */
public final class RecountSuite {
  private static final List<Integer> LARGE_MIDDLE_SMALL = List.of(0, 30, 1_990);
  private static final Document BY_BATCH =
      new Document("batch", "$batch_id").append("status", "$status");

  private static final String OVER_DOCUMENTS = "$group with sums, over documents";
  private static final String OVER_INDEX = "$group with sums, over Pulso's index";

  /** An index of jobs that the installation has without Pulso. */
  private static final Document INSTALLED = new Document("batch_id", 1).append("status", 1);

  private static final int MANY = 100;
  private static final int FIRST_OF_MANY = 1_000;
  private static final int LAST_OF_MANY = 2_000;

  private final Lab lab;
  private final MongoDatabase database;
  private final MongoCollection<Document> jobs;

  public RecountSuite(Lab lab) {
    this.lab = lab;
    this.database = lab.installation(lab.jobs());
    this.jobs = database.getCollection("jobs");
  }

  public void run() {
    Pulso pulso = lab.pulso(database);
    pulso.makeIndexes();
    Recounter recounter = new Recounter(pulso.db(), ZoneOffset.UTC, new JobIndexes(pulso.db()));
    for (int batch : LARGE_MIDDLE_SMALL) {
      String id = Installation.batchId(batch);
      lab.inTurn(jobs.countDocuments(Filters.eq("batch_id", id)))
          .with("Pulso recount, sums too", () -> recount(recounter, id))
          .with("countDocuments per status", () -> JobStatus.ALL.forEach(s -> count(id, s)))
          .with(OVER_DOCUMENTS, () -> group(id, INSTALLED))
          .with(OVER_INDEX, () -> group(id, JobIndexes.COUNTERS))
          .run();
    }
    List<List<String>> hundreds = hundreds();
    AtomicInteger recounted = new AtomicInteger();
    AtomicInteger read = new AtomicInteger();
    AtomicInteger scanned = new AtomicInteger();
    lab.inTurn(jobs.countDocuments(Filters.in("batch_id", hundreds.getLast())))
        .with("Pulso recount, 100 at once", () -> recount(recounter, next(hundreds, recounted)))
        .with(OVER_DOCUMENTS + ", 100 at once", () -> group(next(hundreds, read), INSTALLED))
        .with(
            OVER_INDEX + ", 100 at once", () -> group(next(hundreds, scanned), JobIndexes.COUNTERS))
        .run();
  }

  private static void recount(Recounter recounter, String batchId) {
    if (recounter.recountNow(JobGroup.of(batchId), deadline()).isEmpty()) {
      throw new IllegalStateException("the recount did not finish");
    }
  }

  private static void recount(Recounter recounter, List<String> ids) {
    List<JobGroup> groups = ids.stream().map(JobGroup::of).toList();
    if (recounter.recountAll(groups, deadline()).size() < ids.size()) {
      throw new IllegalStateException("not every batch was recounted");
    }
  }

  private static Deadline deadline() {
    return Deadline.in(Duration.ofSeconds(25));
  }

  private void count(String batchId, String status) {
    jobs.countDocuments(Filters.and(Filters.eq("batch_id", batchId), Filters.eq("status", status)));
  }

  /** In turn, because the duty cycle lets none be recounted again at once. */
  private static List<List<String>> hundreds() {
    List<List<String>> hundreds = new ArrayList<>();
    for (int first = FIRST_OF_MANY; first < LAST_OF_MANY; first += MANY) {
      hundreds.add(IntStream.range(first, first + MANY).mapToObj(Installation::batchId).toList());
    }
    return hundreds;
  }

  private static List<String> next(List<List<String>> hundreds, AtomicInteger turn) {
    return hundreds.get(turn.getAndIncrement() % hundreds.size());
  }

  private void group(String id, Document index) {
    group(Filters.eq("batch_id", id), "$status", index);
  }

  private void group(List<String> ids, Document index) {
    group(Filters.in("batch_id", ids), BY_BATCH, index);
  }

  private void group(Bson filter, Object by, Document index) {
    jobs.aggregate(
            List.of(
                Aggregates.match(filter),
                Aggregates.group(
                    by,
                    Accumulators.sum("n", 1),
                    Accumulators.sum("cents", either("call_cost.combined_cost")),
                    Accumulators.sum("ms", either("duration_ms")))))
        .hint(index)
        .into(new ArrayList<>());
  }

  private static Document either(String field) {
    return new Document(
        "$ifNull", List.of("$call_result." + field, "$call_result.summary." + field));
  }
}

package dev.pulso.bench.suite;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import dev.pulso.Pulso;
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
import org.bson.Document;

/**
 * Measures a complete recount (lease, counts by status and account, today's jobs, sums of cost and
 * length, storing) of the largest batch and of smaller ones, against counting alone.
 */
public final class RecountSuite {
  private static final List<Integer> LARGE_MIDDLE_SMALL = List.of(0, 30, 1_990);
  private static final List<String> STATUSES =
      List.of(
          "pending",
          "scheduled",
          "in_progress",
          "completed",
          "done",
          "failed",
          "suspended",
          "cancelled");

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
          .with("countDocuments per status", () -> STATUSES.forEach(s -> count(id, s)))
          .with("$group with sums", () -> group(id))
          .run();
    }
  }

  private static void recount(Recounter recounter, String batchId) {
    Deadline deadline = Deadline.in(Duration.ofSeconds(25));
    if (recounter.recountNow(JobGroup.of(batchId), deadline).isEmpty()) {
      throw new IllegalStateException("the recount did not finish");
    }
  }

  private void count(String batchId, String status) {
    jobs.countDocuments(Filters.and(Filters.eq("batch_id", batchId), Filters.eq("status", status)));
  }

  private void group(String batchId) {
    jobs.aggregate(
            List.of(
                Aggregates.match(Filters.eq("batch_id", batchId)),
                Aggregates.group(
                    "$status",
                    Accumulators.sum("n", 1),
                    Accumulators.sum("cents", either("call_cost.combined_cost")),
                    Accumulators.sum("ms", either("duration_ms")))))
        .into(new ArrayList<>());
  }

  private static Document either(String field) {
    return new Document(
        "$ifNull", List.of("$call_result." + field, "$call_result.summary." + field));
  }
}

package dev.pulso.bench.recount;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;

/** The counters of a batch as people count them who have no counters: from its jobs. */
final class CountPerStatus {
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

  private final MongoCollection<Document> jobs;

  CountPerStatus(MongoDatabase database) {
    this.jobs = database.getCollection("jobs");
  }

  /** One count for each status, over the index that such installations have. */
  long counts(String batchId) {
    long total = 0;
    for (String status : STATUSES) {
      total +=
          jobs.countDocuments(
              Filters.and(Filters.eq("batch_id", batchId), Filters.eq("status", status)));
    }
    return total;
  }

  /** Counts, cost and length in one group over the jobs. */
  List<Document> group(String batchId) {
    return jobs.aggregate(
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

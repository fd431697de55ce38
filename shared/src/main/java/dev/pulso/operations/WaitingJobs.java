package dev.pulso.operations;

import static com.mongodb.client.model.Filters.in;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import dev.pulso.batch.Batch;
import dev.pulso.batch.Counters;
import dev.pulso.batch.JobFields;
import dev.pulso.batch.JobStatus;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.ServerErrors;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Tells how many jobs of many batches wait. */
final class WaitingJobs {
  /** A dry run waits no longer than this for batches without counted jobs. */
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private static final String WAITING = "waiting";

  private final Db db;

  WaitingJobs(Db db) {
    this.db = db;
  }

  /**
   * Returns the sum as last counted. Where no count has found jobs, uploads may have begun since:
   * these batches are counted now, if that is quick; else, and without any jobs, the counters that
   * a batch carries are valid.
   */
  long of(List<Batch> batches) {
    List<String> uncounted =
        batches.stream()
            .filter(batch -> !batch.isCounted())
            .map(Batch::batchId)
            .flatMap(Optional::stream)
            .toList();
    Map<String, Long> counted = uncounted.isEmpty() ? Map.of() : count(uncounted);
    // Batches with the same batch_id share their jobs.
    Set<String> added = new HashSet<>();
    return batches.stream()
        .filter(batch -> batch.batchId().map(added::add).orElse(true))
        .mapToLong(
            batch -> batch.batchId().map(counted::get).orElseGet(() -> stored(batch.counters())))
        .sum();
  }

  private static long stored(Counters counters) {
    return counters.pending() + counters.scheduled();
  }

  private Map<String, Long> count(List<String> batchIds) {
    Document isWaiting = op("$in", "$" + JobFields.STATUS, JobStatus.WAITING);
    Map<String, Long> counted = new HashMap<>();
    List<Bson> pipeline =
        List.of(
            Aggregates.match(in(JobFields.BATCH_ID, batchIds)),
            Aggregates.group(
                "$" + JobFields.BATCH_ID,
                Accumulators.sum(WAITING, op("$cond", isWaiting, 1L, 0L))));
    return ServerErrors.inTime(
        () -> {
          for (Document of : db.jobs(PATIENCE).aggregate(pipeline)) {
            Lenient.text(of.get("_id"))
                .ifPresent(id -> counted.put(id, Lenient.count(of.get(WAITING))));
          }
          return counted;
        },
        counted);
  }
}

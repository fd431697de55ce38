package dev.pulso.status;

import static dev.pulso.mongo.Expressions.op;

import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import dev.pulso.batch.JobFields;
import dev.pulso.batch.JobStatus;
import dev.pulso.counting.Recounter;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Groups the ended calls of a batch by hour (UTC). */
final class EndedCalls {
  private static final int HOURS = 24;
  private static final String ENDED = "ended";
  private static final String CALLS = "calls";
  private static final String SUCCESSFUL = "successful";

  private final Db db;

  EndedCalls(Db db) {
    this.db = db;
  }

  /** Returns the last 24 hours in which calls of the batch ended, newest first. */
  List<HourlyStats> byHour(String batchId, Duration timeout) {
    List<Bson> pipeline =
        List.of(
            Aggregates.match(Filters.eq(JobFields.BATCH_ID, batchId)),
            Aggregates.project(
                Projections.fields(
                    Projections.include(JobFields.STATUS), Projections.computed(ENDED, ended()))),
            Aggregates.match(Filters.type(ENDED, "date")),
            Aggregates.group(
                new Document(
                    "$dateTrunc", new Document("date", "$" + ENDED).append("unit", "hour")),
                Accumulators.sum(CALLS, 1),
                Accumulators.sum(
                    SUCCESSFUL,
                    op(
                        "$cond",
                        op("$in", "$" + JobFields.STATUS, List.copyOf(JobStatus.SUCCESS)),
                        1,
                        0))),
            Aggregates.sort(Sorts.descending("_id")),
            Aggregates.limit(HOURS));
    List<HourlyStats> hours = new ArrayList<>();
    for (Document hour : db.jobs(timeout).aggregate(pipeline)) {
      hours.add(
          new HourlyStats(
              Lenient.time(hour.get("_id")).orElse(Instant.EPOCH),
              Lenient.count(hour.get(CALLS)),
              Lenient.count(hour.get(SUCCESSFUL))));
    }
    return hours;
  }

  /**
   * Returns an expression for the first of these fields at which a call can have ended: from 1970
   * until now. Values of other types sort before or after all times.
   */
  private static Object ended() {
    Document latest = op("$add", "$$NOW", Recounter.CLOCK_SKEW.toMillis());
    Object ended = null;
    for (String field :
        List.of(
                JobFields.COMPLETED_AT,
                JobFields.FINISHED_AT,
                JobFields.CALL_ENDED_AT,
                JobFields.FAILED_AT)
            .reversed()) {
      ended =
          op(
              "$cond",
              op("$and", op("$gte", "$" + field, new Date(0)), op("$lte", "$" + field, latest)),
              "$" + field,
              ended);
    }
    return ended;
  }
}

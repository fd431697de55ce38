package dev.pulso.overview;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.not;
import static com.mongodb.client.model.Filters.or;

import com.mongodb.client.model.Aggregates;
import dev.pulso.batch.Batches;
import dev.pulso.batch.JobFields;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.time.Deadline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Counts the jobs of a day that no refresh has counted yet: one index jump per group to its latest
 * upload, then the few jobs uploaded since midnight.
 */
final class CreatedToday {
  private final Db db;
  private final JobIndexes indexes;

  CreatedToday(Db db, JobIndexes indexes) {
    this.db = db;
    this.indexes = indexes;
  }

  long count(View view, Instant midnight, Deadline deadline) {
    Bson today = gte(JobFields.CREATED_AT, Date.from(midnight));
    // A value that is no date may sort after all dates; the count below looks at each job.
    Bson notBefore = not(lt(JobFields.CREATED_AT, Date.from(midnight)));
    List<Bson> latest =
        new ArrayList<>(indexes.latest(JobIndexes.UPLOADS, JobFields.CREATED_AT, deadline));
    latest.add(Aggregates.match(or(today, notBefore)));
    List<Object> groups = new ArrayList<>();
    for (Document row : db.jobs(deadline.remaining()).aggregate(latest)) {
      groups.add(row.get("_id"));
    }
    long count = 0;
    for (Bson group : List.of(in(JobFields.BATCH_ID, groups), not(JobIndexes.OF_BATCHES))) {
      count +=
          db.jobs(deadline.remaining())
              .countDocuments(Batches.narrowed(and(group, today), view.accounts()));
    }
    return count;
  }
}

package dev.pulso.upkeep;

import static com.mongodb.client.model.Filters.eq;

import dev.pulso.batch.BatchFields;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/**
 * The cancels that are not carried through yet.
 *
 * @param ids of their batches, the oldest cancel first
 * @param oldest how long ago the oldest began, by the clock of the database; zero without any
 */
record OpenCancels(List<Object> ids, Duration oldest) {
  private static final String NOW = "now";

  static OpenCancels read(Db db) {
    List<Object> ids = new ArrayList<>();
    Duration oldest = Duration.ZERO;
    for (Document batch :
        db.batches()
            .find(eq(BatchFields.CANCEL_OPEN, true))
            .projection(new Document(BatchFields.CANCELLED_AT, 1).append(NOW, "$$NOW"))
            .sort(new Document(BatchFields.CANCELLED_AT, 1))) {
      ids.add(batch.get(BatchFields.ID));
      Duration age = age(batch);
      oldest = age.compareTo(oldest) > 0 ? age : oldest;
    }
    return new OpenCancels(ids, oldest);
  }

  private static Duration age(Document batch) {
    Optional<Instant> began = Lenient.time(batch.get(BatchFields.CANCELLED_AT));
    Instant now = Lenient.time(batch.get(NOW)).orElseThrow();
    return began.map(at -> Duration.between(at, now)).orElse(Duration.ZERO);
  }
}

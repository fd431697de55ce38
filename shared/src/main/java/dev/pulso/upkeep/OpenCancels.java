package dev.pulso.upkeep;

import static com.mongodb.client.model.Filters.eq;

import dev.pulso.access.Accounts;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.cancel.CancelCompletion;
import dev.pulso.cancel.CancelOutcome;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/**
 * Finishes open cancels, the oldest first. Small ones come before large ones, so that they do not
 * wait.
 */
final class OpenCancels {
  private static final String NOW = "now";

  private static final int MOST = 5_000;

  /** Time for a small cancel, even on a busy database. */
  private static final Duration FOR_SMALL = Duration.ofSeconds(2);

  /** A large cancel makes progress in this time; with less it might only count. */
  private static final Duration LEAST_FOR_LARGE = Duration.ofSeconds(5);

  private final Db db;
  private final Batches batches;
  private final CancelCompletion completion;

  OpenCancels(Db db, Batches batches, CancelCompletion completion) {
    this.db = db;
    this.batches = batches;
    this.completion = completion;
  }

  /**
   * What a run found and did.
   *
   * @param oldest age of the oldest open cancel, by the server's clock; zero without any
   */
  record Done(int finished, int open, Duration oldest) {
    static final Done NOTHING = new Done(0, 0, Duration.ZERO);
  }

  Done finish(Deadline deadline, Steps.Each each) {
    List<Object> ids = new ArrayList<>();
    Duration oldest = Duration.ZERO;
    for (Document batch : read()) {
      ids.add(batch.get(BatchFields.ID));
      Duration age = age(batch);
      oldest = age.compareTo(oldest) > 0 ? age : oldest;
    }
    List<Object> left = new ArrayList<>(ids);
    left.removeIf(id -> each.isDone(() -> isFinished(id, true, deadline.orIn(FOR_SMALL))));
    int parts = left.size();
    for (Object id : List.copyOf(left)) {
      Duration part = deadline.remaining().dividedBy(parts--);
      Duration enough = part.compareTo(LEAST_FOR_LARGE) < 0 ? LEAST_FOR_LARGE : part;
      if (each.isDone(() -> isFinished(id, false, deadline.orIn(enough)))) {
        left.remove(id);
      }
    }
    return new Done(ids.size() - left.size(), left.size(), oldest);
  }

  private Iterable<Document> read() {
    return db.batches()
        .find(eq(BatchFields.CANCEL_OPEN, true))
        .projection(new Document(BatchFields.CANCELLED_AT, 1).append(NOW, "$$NOW"))
        .sort(new Document(BatchFields.CANCELLED_AT, 1))
        .limit(MOST);
  }

  private boolean isFinished(Object id, boolean onlySmall, Deadline deadline) {
    if (deadline.passed()) {
      return false;
    }
    Optional<Batch> batch = batches.find(Accounts.ALL, id);
    return batch.isEmpty()
        || (!(onlySmall && completion.isLarge(batch.get()))
            && completion.complete(batch.get(), deadline) instanceof CancelOutcome.Cancelled);
  }

  private static Duration age(Document batch) {
    Optional<Instant> began = Lenient.time(batch.get(BatchFields.CANCELLED_AT));
    Instant now = Lenient.time(batch.get(NOW)).orElseThrow();
    return began.map(at -> Duration.between(at, now)).orElse(Duration.ZERO);
  }
}

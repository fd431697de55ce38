package dev.pulso.mongo;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.bson.Document;

/** The three indexes of jobs that counting needs. Every write of a job pays for each of them. */
public final class JobIndexes {
  /** For counts by status and account, and sums of cost and length, without reading documents. */
  public static final Document COUNTERS =
      new Document("batch_id", 1)
          .append("status", 1)
          .append("account_id", 1)
          .append("call_result.call_cost.combined_cost", 1)
          .append("call_result.summary.call_cost.combined_cost", 1)
          .append("call_result.duration_ms", 1)
          .append("call_result.summary.duration_ms", 1)
          .append("call_duration_seconds", 1);

  /** For the latest change of each group. */
  public static final Document CHANGES = new Document("batch_id", 1).append("updated_at", 1);

  /** For the latest upload of each group, and the number of jobs created today. */
  public static final Document UPLOADS =
      new Document("batch_id", 1).append("created_at", 1).append("account_id", 1);

  private final AtomicReference<Optional<String>> countersName =
      new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<String>> uploadsName =
      new AtomicReference<>(Optional.empty());
  private final AtomicBoolean timesIndexed = new AtomicBoolean();
  private final Db db;

  public JobIndexes(Db db) {
    this.db = db;
  }

  /**
   * Returns the name of the index {@link #FIGURES}; empty while it is missing: then the server
   * chooses a plan and reads documents.
   */
  public Optional<String> countersHint() {
    if (countersName.get().isEmpty()) {
      countersName.set(Indexes.usable(db.jobs(), COUNTERS));
    }
    return countersName.get();
  }

  /** Returns the name of the index {@link #UPLOADS}; empty while it is missing. */
  public Optional<String> uploadsHint() {
    if (uploadsName.get().isEmpty()) {
      uploadsName.set(Indexes.usable(db.jobs(), UPLOADS));
    }
    return uploadsName.get();
  }

  /** Returns whether indexes contain the last-modified times of all groups. */
  public boolean areTimesIndexed() {
    if (!timesIndexed.get()) {
      timesIndexed.set(Indexes.usable(db.jobs(), CHANGES).isPresent() && uploadsHint().isPresent());
    }
    return timesIndexed.get();
  }

  /** Forgets the cached names, after the server reported an index as missing. */
  public void forget() {
    countersName.set(Optional.empty());
    uploadsName.set(Optional.empty());
    timesIndexed.set(false);
  }
}

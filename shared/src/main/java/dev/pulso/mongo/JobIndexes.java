package dev.pulso.mongo;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.bson.Document;

/**
 * The indexes of the jobs collection that counting lives on, each paid for at every write of a job:
 * three, and no more.
 */
public final class JobIndexes {
  /** Counts by status and account, and sums of cost and length, without a single document. */
  public static final Document FIGURES =
      new Document("batch_id", 1)
          .append("status", 1)
          .append("account_id", 1)
          .append("call_result.call_cost.combined_cost", 1)
          .append("call_result.summary.call_cost.combined_cost", 1)
          .append("call_result.duration_ms", 1)
          .append("call_result.summary.duration_ms", 1)
          .append("call_duration_seconds", 1);

  /** The latest change of each group. */
  public static final Document CHANGES = new Document("batch_id", 1).append("updated_at", 1);

  /** The latest upload of each group, and how many jobs it got today. */
  public static final Document UPLOADS =
      new Document("batch_id", 1).append("created_at", 1).append("account_id", 1);

  private final AtomicReference<Optional<String>> figuresName =
      new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<String>> uploadsName =
      new AtomicReference<>(Optional.empty());
  private final AtomicBoolean stampsIndexed = new AtomicBoolean();
  private final Db db;

  public JobIndexes(Db db) {
    this.db = db;
  }

  /**
   * The name of the index for figures, whoever named it, or nothing while it is missing: then the
   * server picks what there is, and fetches documents.
   */
  public Optional<String> figuresHint() {
    if (figuresName.get().isEmpty()) {
      figuresName.set(Indexes.usable(db.jobs(), FIGURES));
    }
    return figuresName.get();
  }

  /** The same of the index for uploads. */
  public Optional<String> uploadsHint() {
    if (uploadsName.get().isEmpty()) {
      uploadsName.set(Indexes.usable(db.jobs(), UPLOADS));
    }
    return uploadsName.get();
  }

  /** Whether the latest stamps of all groups can be had from indexes. */
  public boolean areStampsIndexed() {
    if (!stampsIndexed.get()) {
      stampsIndexed.set(
          Indexes.usable(db.jobs(), CHANGES).isPresent() && uploadsHint().isPresent());
    }
    return stampsIndexed.get();
  }

  /** Forgets what it knows, because the server says that there is no such index any more. */
  public void forget() {
    figuresName.set(Optional.empty());
    uploadsName.set(Optional.empty());
    stampsIndexed.set(false);
  }
}

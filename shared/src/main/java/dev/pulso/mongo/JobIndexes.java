package dev.pulso.mongo;

import com.mongodb.MongoException;
import com.mongodb.client.AggregateIterable;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Aggregates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.bson.Document;
import org.bson.conversions.Bson;

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
   * Returns the rows of several pipelines over jobs, by one command over the index {@link
   * #COUNTERS}. While it is missing, the server chooses a plan and reads documents.
   */
  public AggregateIterable<Document> counters(
      ClientSession session, List<List<Bson>> parts, Duration timeout) {
    MongoCollection<Document> jobs = db.jobs(timeout);
    String name = jobs.getNamespace().getCollectionName();
    List<Bson> pipeline = new ArrayList<>(parts.getFirst());
    parts.stream().skip(1).forEach(part -> pipeline.add(Aggregates.unionWith(name, part)));
    AggregateIterable<Document> rows = jobs.aggregate(session, pipeline);
    countersHint().ifPresent(rows::hintString);
    return rows;
  }

  /** Returns the name of the index {@link #COUNTERS}; empty while it is missing. */
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

  /**
   * Does work that uses these names. Does it again if another program has replaced an index by one
   * with another name.
   */
  public <T> T using(Supplier<T> work) {
    try {
      return work.get();
    } catch (MongoException e) {
      forget();
      if (!ServerErrors.isBadHint(e)) {
        throw e;
      }
      return work.get();
    }
  }

  private void forget() {
    countersName.set(Optional.empty());
    uploadsName.set(Optional.empty());
    timesIndexed.set(false);
  }
}

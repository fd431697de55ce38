package dev.pulso.push;

import com.mongodb.ReadConcern;
import com.mongodb.client.ChangeStreamIterable;
import com.mongodb.client.MongoChangeStreamCursor;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.changestream.ChangeStreamDocument;
import com.mongodb.client.model.changestream.FullDocument;
import dev.pulso.batch.JobFields;
import dev.pulso.mongo.Db;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Signals from a change stream of the jobs, for a process that never ends. */
public final class JobChanges {
  /** Changes that come within this time are named together. */
  private static final Duration GATHERING = Duration.ofMillis(250);

  private static final int MOST = 500;

  /** What a count sees: a new job, another status. */
  private static final List<Bson> COUNTED =
      List.of(
          Aggregates.match(
              Filters.or(
                  Filters.in("operationType", "insert", "replace"),
                  Filters.exists("updateDescription.updatedFields." + JobFields.STATUS))));

  private final Db db;

  public JobChanges(Db db) {
    this.db = db;
  }

  /**
   * Names the batches whose jobs change, as long as that is wanted.
   *
   * @throws com.mongodb.MongoException when the stream ends, for example with its server
   */
  public void follow(BooleanSupplier isWanted, Consumer<Set<String>> named) {
    ChangeStreamIterable<Document> changes =
        db.jobs()
            .withTimeout(0, TimeUnit.MILLISECONDS)
            .withReadConcern(ReadConcern.MAJORITY)
            .watch(COUNTED)
            .fullDocument(FullDocument.UPDATE_LOOKUP)
            .maxAwaitTime(GATHERING.toMillis(), TimeUnit.MILLISECONDS)
            .batchSize(MOST);
    try (MongoChangeStreamCursor<ChangeStreamDocument<Document>> cursor = changes.cursor()) {
      Set<String> batches = new LinkedHashSet<>();
      while (isWanted.getAsBoolean()) {
        batch(Optional.ofNullable(cursor.tryNext())).ifPresent(batches::add);
        if (!batches.isEmpty() && (cursor.available() == 0 || batches.size() >= MOST)) {
          named.accept(Set.copyOf(batches));
          batches.clear();
          LockSupport.parkNanos(GATHERING.toNanos());
        }
      }
    }
  }

  private static Optional<String> batch(Optional<ChangeStreamDocument<Document>> change) {
    return change
        .map(ChangeStreamDocument::getFullDocument)
        .map(job -> job.get(JobFields.BATCH_ID))
        .filter(String.class::isInstance)
        .map(String.class::cast);
  }
}

package dev.pulso.overview;

import static dev.pulso.mongo.Expressions.literal;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import dev.pulso.access.Accounts;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.BatchState;
import dev.pulso.batch.Batches;
import dev.pulso.counting.AccountTotals;
import dev.pulso.counting.ActiveBatches;
import dev.pulso.counting.ActiveSums;
import dev.pulso.counting.CounterSnapshot;
import dev.pulso.counting.RefreshProgress;
import dev.pulso.mongo.Db;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * The aggregation of an overview, in one round trip: the progress of the refresh, account totals,
 * open counter snapshots, active batches, whether a cancel is open, and the account. Each kind of
 * row has a field that no other has: a stage that marks rows takes the server longer than reading
 * them.
 */
final class OverviewPipeline {
  /** In the first row only: the server's time. */
  static final String NOW = "now";

  static final String ACCOUNT = "account";

  /** In a row of its own, if any cancel is open. */
  static final String CANCEL_OPEN = "cancel_open";

  /** In the last row only: the sequence numbers of totals and sums once more. */
  static final String STILL = "still";

  private static final Document CHANGED =
      new Document(ActiveBatches.FIELDS)
          .append(BatchFields.IS_ACTIVE, 1)
          .append(BatchFields.CANCELLED_AT, 1)
          .append(BatchFields.SUMMED, 1);

  private OverviewPipeline() {}

  /**
   * Returns the stages, for {@code pulso_progress}.
   *
   * @param unsummed from this time on, changes are not in the sums of active batches; empty: there
   *     are no sums, and every active batch is read
   */
  static List<Bson> of(Db db, View view, Optional<Instant> unsummed) {
    Bson counting = Aggregates.match(RefreshProgress.COUNTING);
    List<Bson> pipeline = new ArrayList<>();
    pipeline.add(counting);
    pipeline.add(new Document("$set", new Document(NOW, "$$NOW")));
    pipeline.add(
        union(
            db.counterSnapshots(),
            Aggregates.match(AccountTotals.open()),
            Aggregates.project(
                Projections.include(
                    CounterSnapshot.OPEN_SEQ,
                    CounterSnapshot.ACCOUNTS,
                    CounterSnapshot.DAYS,
                    CounterSnapshot.FOLDED))));
    pipeline.add(
        union(
            db.batches(),
            Aggregates.match(
                unsummed
                    .map(since -> changed(since, view.accounts()))
                    .orElseGet(() -> active(view.accounts()))),
            Aggregates.project(unsummed.isPresent() ? CHANGED : ActiveBatches.FIELDS)));
    pipeline.add(
        union(
            db.batches(),
            Aggregates.match(Filters.eq(BatchFields.CANCEL_OPEN, true)),
            Aggregates.limit(1),
            Aggregates.project(new Document("_id", 0).append(CANCEL_OPEN, literal(true)))));
    pipeline.add(
        union(
            db.progress(),
            counting,
            Aggregates.project(
                new Document(AccountTotals.SEQ, 1)
                    .append(ActiveSums.SUMS + "." + ActiveSums.SEQ, 1)
                    .append(STILL, literal(true)))));
    view.account()
        .ifPresent(
            id ->
                pipeline.add(
                    union(
                        db.accounts(),
                        Aggregates.match(Filters.eq("account_id", id)),
                        Aggregates.project(new Document(ACCOUNT, "$$ROOT").append("_id", 0)))));
    return pipeline;
  }

  private static Bson active(Accounts accounts) {
    return Batches.narrowed(BatchState.isActive(true), accounts);
  }

  private static Bson changed(Instant since, Accounts accounts) {
    return Batches.narrowed(Filters.gt(BatchFields.ACTED_AT, Date.from(since)), accounts);
  }

  private static Bson union(MongoCollection<Document> collection, Bson... part) {
    return Aggregates.unionWith(collection.getNamespace().getCollectionName(), List.of(part));
  }
}

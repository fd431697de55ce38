package dev.pulso.counting;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.expr;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Filters.or;

import com.mongodb.client.model.Projections;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.mongo.Db;
import java.util.ArrayList;
import java.util.List;
import org.bson.conversions.Bson;

/** Matches batches that may add something else to {@link ActiveSums} than they did. */
final class SumChanges {
  /** Of more recounted batches, all are looked at. */
  private static final int MOST_RECOUNTED = 5_000;

  private static final int ROWS = 1_000;
  private static final Bson IS_ACTIVE = eq(BatchFields.IS_ACTIVE, true);
  private static final Bson IS_INACTIVE = ne(BatchFields.IS_ACTIVE, true);

  /** The same as {@link ActiveSums#IS_NOTED}, but an index that holds all batches answers it. */
  private static final Bson HAS_NOTE = gt(BatchFields.SUMMED_SEQ, 0L);

  private final Db db;

  SumChanges(Db db) {
    this.db = db;
  }

  /**
   * Matches them among all batches: the server reads each that is active.
   *
   * @param before the refresh that made the stored sums
   */
  static Bson ofAll(long before) {
    return and(
        or(IS_ACTIVE, ActiveSums.IS_NOTED),
        or(IS_INACTIVE, CancellationMarkers.isSet(), isUncommitted(before), addsOther()));
  }

  /**
   * Matches, each by an index, those that were recounted, those of which no job was ever found, and
   * those that became active or inactive. What another program changed in the counters or the
   * account of a counted batch is left to {@link #ofAll}.
   *
   * @param fold the last fold before the stored sums
   * @param before the refresh that made them
   */
  Bson since(long fold, long before) {
    List<String> recounted = recountedSince(fold);
    if (recounted.size() > MOST_RECOUNTED) {
      return ofAll(before);
    }
    return or(
        and(in(BatchFields.BATCH_ID, recounted), IS_ACTIVE, addsOther()),
        and(IS_ACTIVE, HAS_NOTE, eq(BatchFields.COUNTERS_TOTAL, null), addsOther()),
        and(IS_ACTIVE, eq(BatchFields.SUMMED_SEQ, null)),
        and(IS_ACTIVE, exists(BatchFields.CANCELLED_AT), CancellationMarkers.isSet()),
        and(IS_INACTIVE, HAS_NOTE),
        isUncommitted(before));
  }

  /** Those whose snapshots no fold has added yet, or a later one; of too many, some. */
  private List<String> recountedSince(long fold) {
    return db.counterSnapshots()
        .find(and(gt(CounterSnapshot.OPEN_SEQ, fold), JobGroup.isKeyOfBatch()))
        .projection(Projections.include("_id"))
        .limit(MOST_RECOUNTED + 1)
        .batchSize(ROWS)
        .map(JobGroup::ofSnapshot)
        .map(group -> group.batchId().orElseThrow())
        .into(new ArrayList<>());
  }

  private static Bson isUncommitted(long before) {
    return gt(BatchFields.SUMMED_SEQ, before);
  }

  private static Bson addsOther() {
    return expr(ActiveBatches.mayAddOther(ActiveSums.HELD_PATH));
  }
}

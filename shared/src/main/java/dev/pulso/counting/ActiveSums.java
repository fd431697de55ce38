package dev.pulso.counting;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.expr;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Projections;
import dev.pulso.batch.BatchFields;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Leases;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.LostLeaseException;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Keeps what active batches add up to by account, if they are too many for an overview to read
 * each. Every batch notes what the sums hold of it (in {@code pulso.summed}), and, while a refresh
 * is under way, what they held before. So an overview can replace, exactly, the part of a batch
 * that Pulso cancelled, paused or resumed since. The commit point is the document with the sums:
 * notes of a refresh that died before it do not count, and the next one makes them anew.
 *
 * <p>A refresh looks at batches that may add something else than they did: those that were
 * recounted since the last sums, those of which no job was ever found, and those that became active
 * or inactive. Every ten minutes it looks at all.
 */
public final class ActiveSums {
  /** The field of the progress that holds the sums; missing: overviews read every batch. */
  public static final String SUMS = "active";

  /** The refresh that made the sums. */
  public static final String SEQ = "seq";

  /** What was cancelled, paused or resumed until then is in the sums as it was left. */
  public static final String SINCE = "since";

  public static final String ACCOUNTS = "accounts";
  public static final String ACCOUNT = ActiveBatches.ACCOUNT;

  private static final String SUMMED_AT = "summed_at";

  /** The last fold before the sums: what was recounted, and folded later, may not be in them. */
  private static final String FOLDED = "folded";

  private static final String HELD = "held";
  private static final String HELD_BEFORE = "held_before";
  static final String HELD_PATH = "$" + BatchFields.SUMMED + "." + HELD;

  /** Up to so many active batches, an overview reads them all. */
  private static final int FEW = 2_000;

  /** For clocks that a change of the primary sets back, and commands that wait. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  /** A program that writes a document back whole changes its note: looking at all finds that. */
  private static final Duration SUMMED_ANEW = Duration.ofMinutes(10);

  private static final int ROWS = 1_000;

  static final Bson IS_NOTED = exists(BatchFields.SUMMED_SEQ);

  private final Db db;
  private final SumChanges changes;
  private final int few;

  ActiveSums(Db db) {
    this(db, FEW);
  }

  /**
   * @param few up to so many, no sums are kept
   */
  ActiveSums(Db db, int few) {
    this.db = db;
    this.changes = new SumChanges(db);
    this.few = few;
  }

  /** What the sums of that refresh hold of a batch; empty: nothing. */
  public static Document held(Document batch, long seq) {
    Document note = BatchFields.summedOf(batch);
    boolean isLater = Lenient.count(note.get(SEQ)) > seq;
    return Lenient.document(note.get(isLater ? HELD_BEFORE : HELD));
  }

  /**
   * Brings the sums up to date, or removes them if they are not needed, or a batch that the server
   * refuses to write cannot note its part.
   *
   * @throws LostLeaseException when somebody else has the lease
   */
  void store(Lease<RefreshProgress> lease, Deadline deadline) {
    long active = batches(deadline).countDocuments(eq(BatchFields.IS_ACTIVE, true));
    if (active <= few) {
      remove(lease);
      return;
    }
    Document progress =
        db.progress()
            .find(and(RefreshProgress.COUNTING, eq(Leases.TOKEN, lease.token())))
            .projection(Projections.include(SUMS, AccountTotals.SEQ, Leases.UNTIL))
            .first();
    if (progress == null) {
      throw new LostLeaseException();
    }
    // A process may stop for long, and go on when a later refresh has stored its sums.
    Bson isLeased = expr(op("$lt", "$$NOW", progress.get(Leases.UNTIL)));
    Document stored = Lenient.document(progress.get(SUMS));
    Instant lastAnew = Lenient.time(stored.get(SUMMED_AT)).orElse(Instant.EPOCH);
    boolean isAnew = !RefreshProgress.isWithin(lastAnew, SUMMED_ANEW, lease.takenAt());
    Instant summedAt = isAnew ? lease.takenAt() : lastAnew;
    long before = Lenient.count(stored.get(SEQ));
    Bson which =
        isAnew
            ? SumChanges.ofAll(before)
            : changes.since(Lenient.count(stored.get(FOLDED)), before);
    try {
      note(batches(deadline), and(which, isLeased), before, lease.token());
    } catch (MongoWriteException e) {
      if (!ServerErrors.isRefused(e)) {
        throw e;
      }
      ServerErrors.logRefused(db.batches(), e.getCode());
      remove(lease);
      return;
    }
    Map<Optional<String>, ActiveBatches> sums = new HashMap<>();
    if (!isAnew) {
      List<Document> rows = stored.getList(ACCOUNTS, Document.class, List.of());
      rows.forEach(row -> of(row, sums).addSums(row));
      addChanges(batches(deadline), lease.token(), sums);
    }
    // Another number: some were deleted or inserted just now, or hold an array, which counts too.
    if (sums.values().stream().mapToLong(ActiveBatches::active).sum() != active) {
      sums.clear();
      sumAll(batches(deadline), sums);
    }
    commit(lease, isLeased, Lenient.count(progress.get(AccountTotals.SEQ)), summedAt, sums);
  }

  private void remove(Lease<RefreshProgress> lease) {
    Bson mine = and(RefreshProgress.COUNTING, eq(Leases.TOKEN, lease.token()), exists(SUMS));
    db.progress().updateOne(mine, new Document("$unset", new Document(SUMS, "")));
  }

  /**
   * Has each batch note what the new sums hold of it, if that differs from the old ones.
   *
   * @param which those that are looked at
   * @param before the refresh that made the stored sums
   * @param seq the refresh that is under way
   */
  private static void note(MongoCollection<Document> batches, Bson which, long before, long seq) {
    Document heldOrNull = op("$ifNull", HELD_PATH, null);
    Document beforeOrNull = op("$ifNull", "$" + BatchFields.SUMMED + "." + HELD_BEFORE, null);
    Document added = ActiveBatches.added();
    Document isUncommitted = op("$gt", op("$ifNull", "$" + BatchFields.SUMMED_SEQ, 0L), before);
    Document isNothing =
        op("$and", op("$eq", heldOrNull, null), op("$eq", added, null), op("$not", isUncommitted));
    Document note =
        new Document(SEQ, seq)
            .append(HELD, added)
            .append(HELD_BEFORE, op("$cond", isUncommitted, beforeOrNull, heldOrNull));
    batches.updateMany(
        which,
        List.of(
            new Document(
                "$set",
                new Document(BatchFields.SUMMED, op("$cond", isNothing, "$$REMOVE", note)))));
  }

  private static void addChanges(
      MongoCollection<Document> batches, long seq, Map<Optional<String>, ActiveBatches> sums) {
    for (Document batch :
        batches
            .find(eq(BatchFields.SUMMED_SEQ, seq))
            .projection(Projections.include(BatchFields.SUMMED))
            .batchSize(ROWS)) {
      Document now = held(batch, seq);
      Document before = held(batch, seq - 1);
      of(now, sums).addSums(now);
      of(before, sums).subtractSums(before);
    }
  }

  private static void sumAll(
      MongoCollection<Document> batches, Map<Optional<String>, ActiveBatches> sums) {
    String held = HELD_PATH + ".";
    Document group = new Document("_id", held + ACCOUNT);
    ActiveBatches.SUMMED.forEach(field -> group.append(field, new Document("$sum", held + field)));
    List<Bson> pipeline = List.of(Aggregates.match(IS_NOTED), new Document("$group", group));
    for (Document row : batches.aggregate(pipeline)) {
      sums.computeIfAbsent(Lenient.text(row.get("_id")), id -> new ActiveBatches()).addSums(row);
    }
  }

  private MongoCollection<Document> batches(Deadline deadline) {
    return Db.within(deadline.remaining(), db.batches());
  }

  private static ActiveBatches of(Document row, Map<Optional<String>, ActiveBatches> sums) {
    return sums.computeIfAbsent(Lenient.text(row.get(ACCOUNT)), id -> new ActiveBatches());
  }

  private void commit(
      Lease<RefreshProgress> lease,
      Bson isLeased,
      long folded,
      Instant summedAt,
      Map<Optional<String>, ActiveBatches> sums) {
    List<Document> accounts = new ArrayList<>();
    sums.forEach(
        (id, sum) -> {
          if (sum.active() != 0) {
            accounts.add(sum.document().append(ACCOUNT, id.orElse(null)));
          }
        });
    Document now =
        new Document(SEQ, lease.token())
            .append(SINCE, Date.from(lease.takenAt().minus(MARGIN)))
            .append(FOLDED, folded)
            .append(SUMMED_AT, Date.from(summedAt))
            .append(ACCOUNTS, accounts);
    long matched =
        db.progress()
            .updateOne(
                and(RefreshProgress.COUNTING, eq(Leases.TOKEN, lease.token()), isLeased),
                new Document("$set", new Document(SUMS, now)))
            .getMatchedCount();
    if (matched == 0) {
      throw new LostLeaseException();
    }
  }
}

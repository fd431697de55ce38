package dev.pulso.counting;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Projections;
import dev.pulso.batch.BatchFields;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lease;
import dev.pulso.mongo.Leases;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.LostLeaseException;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Keeps what active batches add up to by account, where they are too many for an overview to read
 * each. Every batch notes what the sums hold of it, and, while a refresh is under way, what they
 * held before: so an overview can replace, exactly, the part of a batch that Pulso cancelled,
 * paused or resumed since. The commit point is the document with the sums; notes of a refresh that
 * died before it don't count, and the next one makes them anew.
 */
public final class ActiveSums {
  /** The field of the progress that holds the sums; missing: overviews read every batch. */
  public static final String SUMS = "active";

  /** The refresh that made the sums. */
  public static final String SEQ = "seq";

  /** What was cancelled, paused or resumed until then is in the sums as it was left. */
  public static final String SINCE = "since";

  public static final String ACCOUNTS = "accounts";
  public static final String ACCOUNT = "id";

  private static final String SUMMED_AT = "summed_at";

  /** Up to so many active batches, an overview reads them all. */
  private static final int FEW = 2_000;

  /** For clocks that a change of the primary sets back, and commands that wait. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  /** Somebody who writes a document back whole changes what it notes: found when all are summed. */
  private static final Duration SUMMED_ANEW = Duration.ofMinutes(10);

  private static final int ROWS = 1_000;

  private static final List<String> FIGURES =
      List.of(
          ActiveBatches.ACTIVE,
          ActiveBatches.JOBS,
          ActiveBatches.CENTS,
          ActiveBatches.MS,
          ActiveBatches.COST,
          ActiveBatches.MINUTES);
  private static final Bson COUNTING = eq("_id", RefreshProgress.ID);

  private final Db db;
  private final int few;

  ActiveSums(Db db) {
    this(db, FEW);
  }

  /**
   * @param few up to so many, no sums are kept
   */
  ActiveSums(Db db, int few) {
    this.db = db;
    this.few = few;
  }

  /** What the sums of that refresh hold of a batch; empty: nothing. */
  public static Document held(Document batch, long seq) {
    return ActiveNotes.held(batch, seq);
  }

  /**
   * Brings the sums up to date, or takes them away where they are not needed.
   *
   * @throws LostLeaseException when somebody else has the lease
   */
  void store(Lease<RefreshProgress> lease, Deadline deadline) {
    long active = batches(deadline).countDocuments(eq(BatchFields.IS_ACTIVE, true));
    if (active <= few) {
      db.progress()
          .updateOne(and(COUNTING, exists(SUMS)), new Document("$unset", new Document(SUMS, "")));
      return;
    }
    Document stored =
        Lenient.document(
            Lenient.document(
                    db.progress().find(COUNTING).projection(Projections.include(SUMS)).first())
                .get(SUMS));
    long before = Lenient.count(stored.get(SEQ));
    new ActiveNotes(batches(deadline)).write(before, lease.token());
    Instant summedAt = Lenient.time(stored.get(SUMMED_AT)).orElse(Instant.EPOCH);
    Map<Optional<String>, ActiveBatches> sums = new HashMap<>();
    if (summedAt.plus(SUMMED_ANEW).isAfter(lease.takenAt())) {
      stored
          .getList(ACCOUNTS, Document.class, List.of())
          .forEach(row -> of(row, sums).addSums(row));
      addChanges(lease.token(), sums, deadline);
    }
    // Another number: some are deleted, or were inserted just now.
    if (sums.values().stream().mapToLong(ActiveBatches::active).sum() != active) {
      sums.clear();
      sumAll(sums, deadline);
      summedAt = lease.takenAt();
    }
    commit(lease, summedAt, sums);
  }

  private void addChanges(long seq, Map<Optional<String>, ActiveBatches> sums, Deadline deadline) {
    for (Document batch :
        batches(deadline)
            .find(eq(BatchFields.SUMMED_SEQ, seq))
            .projection(Projections.include(BatchFields.SUMMED))
            .batchSize(ROWS)) {
      Document now = ActiveNotes.held(batch, seq);
      Document before = ActiveNotes.held(batch, seq - 1);
      of(now, sums).addSums(now);
      of(before, sums).subtractSums(before);
    }
  }

  private void sumAll(Map<Optional<String>, ActiveBatches> sums, Deadline deadline) {
    String held = "$" + BatchFields.SUMMED + "." + ActiveNotes.HELD + ".";
    Document group = new Document("_id", held + ACCOUNT);
    FIGURES.forEach(figure -> group.append(figure, new Document("$sum", held + figure)));
    List<Bson> pipeline =
        List.of(Aggregates.match(ActiveNotes.IS_NOTED), new Document("$group", group));
    for (Document row : batches(deadline).aggregate(pipeline)) {
      sums.computeIfAbsent(Lenient.text(row.get("_id")), id -> new ActiveBatches()).addSums(row);
    }
  }

  private void commit(
      Lease<RefreshProgress> lease, Instant summedAt, Map<Optional<String>, ActiveBatches> sums) {
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
            .append(SUMMED_AT, Date.from(summedAt))
            .append(ACCOUNTS, accounts);
    long matched =
        db.progress()
            .updateOne(
                and(COUNTING, eq(Leases.TOKEN, lease.token())),
                new Document("$set", new Document(SUMS, now)))
            .getMatchedCount();
    if (matched == 0) {
      throw new LostLeaseException();
    }
  }

  private static ActiveBatches of(Document row, Map<Optional<String>, ActiveBatches> sums) {
    return sums.computeIfAbsent(Lenient.text(row.get(ACCOUNT)), id -> new ActiveBatches());
  }

  private MongoCollection<Document> batches(Deadline deadline) {
    return db.batches().withTimeout(Math.max(1, deadline.remainingMillis()), TimeUnit.MILLISECONDS);
  }
}

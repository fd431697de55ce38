package dev.pulso.counting;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.ne;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.LostLeaseException;
import dev.pulso.observe.Log;
import dev.pulso.time.Deadline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Keeps what each account has, by difference: a recounted snapshot is open until a fold has added
 * it to the totals. The totals change in one update of one document, which also says what of each
 * snapshot they now hold (the redo list); each snapshot notes that afterwards. After a crash the
 * next fold completes the list first. So totals and open snapshots always add up.
 */
public final class AccountTotals {
  /** Grows with every fold. */
  public static final String SEQ = "seq";

  /** What each account has. */
  public static final String TOTALS = "totals";

  /** What of which snapshots was folded last, until all of them note it. */
  public static final String REDO = "redo";

  static final String CHECKED_AT = "checked_at";

  private static final int MOST_AT_ONCE = 1_000;

  /**
   * The most bytes of rows that are folded at once, but for one snapshot with more: the redo list
   * is in one document with the totals, of 16 MB.
   */
  private static final long MOST_BYTES = 4_000_000;

  private final Db db;
  private final RedoList redoList;
  private final BatchCounters batches;

  AccountTotals(Db db) {
    this.db = db;
    this.redoList = new RedoList(db);
    this.batches = new BatchCounters(db);
  }

  private record State(long seq, AccountJobs jobs) {}

  /**
   * Folds the open snapshots.
   *
   * @param lease whose token the fold is to be greater than
   * @return the groups whose batch lacks the counters of the snapshot: a crash took them away, and
   *     the snapshot stays open until a recount has written them again
   */
  Set<JobGroup> fold(Lease<RefreshProgress> lease, Deadline deadline) {
    Set<JobGroup> behind = new HashSet<>();
    State state = recovered();
    List<Document> chunk = new ArrayList<>();
    long bytes = 0;
    for (Document snapshot : open(deadline)) {
      long more = AccountJobs.bytes(snapshot);
      if (chunk.size() == MOST_AT_ONCE || bytes + more > MOST_BYTES) {
        state = fold(chunk, state, behind, lease);
        chunk.clear();
        bytes = 0;
      }
      chunk.add(snapshot);
      bytes += more;
    }
    fold(chunk, state, behind, lease);
    return behind;
  }

  private State fold(
      List<Document> chunk, State state, Set<JobGroup> behind, Lease<RefreshProgress> lease) {
    Set<JobGroup> lacking = batches.lackingAmong(chunk);
    behind.addAll(lacking);
    List<Document> redo = new ArrayList<>();
    for (Document snapshot : chunk) {
      if (!lacking.contains(JobGroup.ofSnapshot(snapshot))) {
        Document folded = Lenient.document(snapshot.get(CounterSnapshot.FOLDED));
        state.jobs.subtract(folded);
        state.jobs.add(snapshot);
        redo.add(RedoList.entry(snapshot));
      }
    }
    if (redo.isEmpty()) {
      return state;
    }
    State next = new State(Math.max(state.seq + 1, lease.token()), state.jobs);
    commit(state.seq, next, redo, lease.takenAt());
    redoList.complete(next.seq, redo);
    return next;
  }

  /** The commit point, refused when somebody else has folded meanwhile. */
  private void commit(long before, State next, List<Document> redo, Instant now) {
    long matched =
        db.progress()
            .updateOne(
                and(RefreshProgress.COUNTING, before == 0 ? exists(SEQ, false) : eq(SEQ, before)),
                new Document(
                    "$set",
                    new Document(SEQ, next.seq)
                        .append(TOTALS, next.jobs.document(now.minus(CounterSnapshot.DAYS_KEPT)))
                        .append(REDO, redo)))
            .getMatchedCount();
    if (matched == 0) {
      throw new LostLeaseException();
    }
  }

  /** What is stored, after the last fold is done to its end. */
  private State recovered() {
    Document progress =
        db.progress()
            .find(RefreshProgress.COUNTING)
            .projection(Projections.include(SEQ, TOTALS, REDO))
            .first();
    Document stored = Lenient.document(progress);
    long seq = Lenient.count(stored.get(SEQ));
    List<Document> redo = stored.getList(REDO, Document.class, List.of());
    if (!redo.isEmpty()) {
      redoList.complete(seq, redo);
    }
    AccountJobs jobs = new AccountJobs();
    jobs.add(Lenient.document(stored.get(TOTALS)));
    return new State(seq, jobs);
  }

  /**
   * Opens every snapshot that was not folded as it stands, whoever wrote it, and compares the
   * totals with the sum of what was folded of each. Where they differ, that sum takes their place.
   *
   * @return whether they differed
   */
  boolean check(Lease<RefreshProgress> lease, Deadline deadline) {
    State stored = recovered();
    patient(deadline)
        .updateMany(
            and(
                ne(CounterSnapshot.OPEN_SEQ, Long.MAX_VALUE),
                exists(CounterSnapshot.WRITTEN),
                Filters.expr(
                    op(
                        "$ne",
                        "$" + CounterSnapshot.WRITTEN,
                        "$" + CounterSnapshot.FOLDED + "." + CounterSnapshot.WRITTEN))),
            new Document("$set", new Document(CounterSnapshot.OPEN_SEQ, Long.MAX_VALUE)));
    AccountJobs sum = new AccountJobs();
    for (Document snapshot :
        patient(deadline)
            .find(exists(CounterSnapshot.FOLDED))
            .projection(Projections.include(CounterSnapshot.FOLDED))
            .batchSize(MOST_AT_ONCE)) {
      sum.add(Lenient.document(snapshot.get(CounterSnapshot.FOLDED)));
    }
    Instant kept = lease.takenAt().minus(CounterSnapshot.DAYS_KEPT);
    boolean isWrong = !sum.document(kept).equals(stored.jobs.document(kept));
    if (isWrong) {
      commit(
          stored.seq,
          new State(Math.max(stored.seq + 1, lease.token()), sum),
          List.of(),
          lease.takenAt());
      if (stored.seq > 0) {
        Log.info("totals_rebuilt", json -> json.number("seq", stored.seq));
      }
    }
    db.progress()
        .updateOne(
            RefreshProgress.COUNTING,
            new Document("$set", new Document(CHECKED_AT, Date.from(lease.takenAt()))));
    return isWrong && stored.seq > 0;
  }

  /** Matches snapshots that no fold has added up as they stand. */
  public static Bson open() {
    return eq(CounterSnapshot.OPEN_SEQ, Long.MAX_VALUE);
  }

  private FindIterable<Document> open(Deadline deadline) {
    return patient(deadline)
        .find(and(open(), JobGroup.isKey()))
        .projection(
            Projections.include(
                CounterSnapshot.WRITTEN,
                CounterSnapshot.REFUSED,
                CounterSnapshot.ACCOUNTS,
                CounterSnapshot.DAYS,
                CounterSnapshot.FOLDED))
        .batchSize(MOST_AT_ONCE);
  }

  private MongoCollection<Document> patient(Deadline deadline) {
    return Db.within(deadline.remaining(), db.counterSnapshots());
  }
}

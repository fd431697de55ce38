package dev.pulso.overview;

import static dev.pulso.mongo.Lenient.time;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import dev.pulso.access.Accounts;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.batch.CancellationMarker;
import dev.pulso.batch.Rounding;
import dev.pulso.catchup.AccountJobs;
import dev.pulso.catchup.ActiveBatches;
import dev.pulso.catchup.ActiveSums;
import dev.pulso.catchup.CountingProgress;
import dev.pulso.catchup.Totals;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.recount.TallyFields;
import dev.pulso.time.Deadline;
import dev.pulso.time.Midnight;
import dev.pulso.time.TimedOutException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Reads counters, never jobs, in one round trip: how far counting has come, what each account has,
 * the tallies that were stored since, active batches, and the account. Of many active batches the
 * sums are stored, and only those are read that Pulso changed since. Rows are told apart by what
 * only they have: a stage that marks them takes the server longer than reading them.
 */
final class OverviewQuery {
  private static final String NOW = "now";
  private static final String ACCOUNT = "account";
  private static final String STILL = "still";

  private static final Document CHANGED =
      new Document(ActiveBatches.FIELDS)
          .append(BatchFields.IS_ACTIVE, 1)
          .append(BatchFields.CANCELLED_AT, 1)
          .append(BatchFields.SUMMED, 1);

  /**
   * So many rows come in one answer: all of them where few batches are active, or their sums are
   * stored. Until these are, a function's memory does not hold all.
   */
  private static final int ROWS_AT_ONCE = 5_000;

  /** Reads that are made even when the deadline has passed: a first one may guess wrong. */
  private static final int LEAST_READS = 3;

  private final Db db;
  private final ZoneId zone;

  /**
   * From when on changes are not in the sums of active batches, as last read; empty: there are no
   * sums. At first only a guess, because reading fifty thousand batches is the dearer mistake.
   */
  private volatile Optional<Instant> unsummed = Optional.of(Lenient.AFTER_LAST_YEAR);

  OverviewQuery(Db db, ZoneId zone) {
    this.db = db;
    this.zone = zone;
  }

  /**
   * What the counters say.
   *
   * @param overview the figures
   * @param progress how far counting had come
   * @param now the moment of the answer
   * @param midnight when the day of that moment began
   */
  record Answer(Overview overview, CountingProgress progress, Instant now, Instant midnight) {
    /** Whether somebody has to look what changed since. */
    boolean isDue() {
      return progress.isDue(now, midnight);
    }

    /** Whether what was counted of today is all of it. */
    boolean isOfToday() {
      return progress.day().equals(midnight);
    }
  }

  /**
   * Reads it.
   *
   * @throws TimedOutException when what is stored changes under every attempt until the deadline
   */
  Answer read(View view, Deadline deadline) {
    for (int read = 1; ; read++) {
      Optional<Answer> answer = readOnce(view);
      if (answer.isPresent()) {
        return answer.get();
      }
      if (read >= LEAST_READS && deadline.passed()) {
        throw new TimedOutException();
      }
    }
  }

  /** Nothing when totals or sums changed meanwhile, or sums are kept otherwise than last time. */
  private Optional<Answer> readOnce(View view) {
    Optional<Instant> asked = unsummed;
    Document sums = new Document();
    ActiveBatches batches = new ActiveBatches();
    Optional<AccountView> account = Optional.empty();
    CountingProgress progress = CountingProgress.NONE;
    AccountJobs jobs = new AccountJobs();
    Map<Object, Document> redo = new HashMap<>();
    Optional<Instant> now = Optional.empty();
    Object seq = null;
    List<Object> versions = List.of();
    List<Object> versionsAtEnd = List.of();
    for (Document row : db.progress().aggregate(pipeline(view, asked)).batchSize(ROWS_AT_ONCE)) {
      if (row.containsKey(NOW)) {
        now = time(row.get(NOW));
        progress = CountingProgress.of(row, zone);
        seq = row.get(Totals.SEQ);
        versions = versions(row);
        sums = Lenient.document(row.get(ActiveSums.SUMS));
        sums.getList(ActiveSums.ACCOUNTS, Document.class, List.of()).stream()
            .filter(stored -> isShown(view, stored))
            .forEach(batches::addSums);
        jobs.add(Lenient.document(row.get(Totals.TOTALS)));
        row.getList(Totals.REDO, Document.class, List.of())
            .forEach(folded -> redo.put(folded.get("_id"), folded));
      } else if (row.containsKey(TallyFields.OPEN_SEQ)) {
        jobs.add(row);
        jobs.subtract(folded(row, seq, redo));
      } else if (row.containsKey(STILL)) {
        versionsAtEnd = versions(row);
      } else if (row.containsKey(ACCOUNT)) {
        Document found = Lenient.document(row.get(ACCOUNT));
        account =
            account.or(() -> Optional.of(AccountView.of(view.account().orElseThrow(), found)));
      } else if (asked.isEmpty()) {
        batches.add(row);
      } else {
        replace(row, sums, view, batches);
      }
    }
    unsummed = time(sums.get(ActiveSums.SINCE));
    if (!versions.equals(versionsAtEnd) || !reaches(asked, unsummed)) {
      return Optional.empty();
    }
    // Before anybody counted, nothing is there that could bring the server's clock along.
    return Optional.of(
        answer(view, now.orElseGet(db::now), progress, account, jobs, total(batches)));
  }

  /** What has to be the same before and after the rest is read. */
  private static List<Object> versions(Document progress) {
    Document sums = Lenient.document(progress.get(ActiveSums.SUMS));
    return Arrays.asList(progress.get(Totals.SEQ), sums.get(ActiveSums.SEQ));
  }

  /** Whether batches were read as the stored sums need it. */
  private static boolean reaches(Optional<Instant> asked, Optional<Instant> needed) {
    return asked.isPresent() == needed.isPresent()
        && (asked.isEmpty() || !asked.get().isAfter(needed.get()));
  }

  /** Counts a batch that Pulso changed as it is now, instead of as the sums hold it. */
  private static void replace(Document batch, Document sums, View view, ActiveBatches batches) {
    Document held = ActiveSums.held(batch, Lenient.count(sums.get(ActiveSums.SEQ)));
    if (isShown(view, held)) {
      batches.subtractSums(held);
    }
    if (Lenient.isTrue(batch.get(BatchFields.IS_ACTIVE)) && !CancellationMarker.isSet(batch)) {
      batches.add(batch);
    }
  }

  private static boolean isShown(View view, Document sums) {
    return view.shows(Lenient.text(sums.get(ActiveSums.ACCOUNT)));
  }

  private static Overview.Batches total(ActiveBatches batches) {
    return new Overview.Batches(
        batches.active(),
        batches.jobs(),
        Rounding.twoDecimals(batches.cost()),
        Rounding.twoDecimals(batches.minutes()));
  }

  /** What of an open tally the totals hold: as it notes itself, unless it is about to. */
  private static Document folded(Document tally, Object seq, Map<Object, Document> redo) {
    Document noted = Lenient.document(tally.get(TallyFields.FOLDED));
    Document about = redo.get(tally.get("_id"));
    return about == null || Objects.equals(noted.get(Totals.SEQ), seq) ? noted : about;
  }

  private Answer answer(
      View view,
      Instant now,
      CountingProgress progress,
      Optional<AccountView> account,
      AccountJobs jobs,
      Overview.Batches batches) {
    Instant midnight = Midnight.before(now, zone);
    Predicate<Optional<String>> shown = view::shows;
    return new Answer(
        new Overview(
            progress.isNone() ? now : progress.asOf(),
            account,
            new Overview.Jobs(
                jobs.created(midnight, shown),
                jobs.pending(shown),
                jobs.completed(shown),
                jobs.failed(shown)),
            batches,
            !progress.isNone() && progress.isComplete()),
        progress,
        now,
        midnight);
  }

  private List<Bson> pipeline(View view, Optional<Instant> unsummed) {
    List<Bson> pipeline = new ArrayList<>();
    pipeline.add(Aggregates.match(Filters.eq("_id", CountingProgress.ID)));
    pipeline.add(new Document("$set", new Document(NOW, "$$NOW")));
    pipeline.add(
        union(
            db.tallies(),
            Aggregates.match(Totals.open()),
            Aggregates.project(
                Projections.include(
                    TallyFields.OPEN_SEQ,
                    TallyFields.ACCOUNTS,
                    TallyFields.DAYS,
                    TallyFields.FOLDED))));
    pipeline.add(
        unsummed
            .map(
                since ->
                    union(
                        db.batches(),
                        Aggregates.match(changed(since, view.accounts())),
                        Aggregates.project(CHANGED)))
            .orElseGet(
                () ->
                    union(
                        db.batches(),
                        Aggregates.match(active(view.accounts())),
                        Aggregates.project(ActiveBatches.FIELDS))));
    pipeline.add(
        union(
            db.progress(),
            Aggregates.match(Filters.eq("_id", CountingProgress.ID)),
            Aggregates.project(
                new Document(Totals.SEQ, 1)
                    .append(ActiveSums.SUMS + "." + ActiveSums.SEQ, 1)
                    .append(STILL, new Document("$literal", true)))));
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
    return Batches.narrowed(
        Filters.and(Filters.eq(BatchFields.IS_ACTIVE, true), CancellationMarker.isMissing()),
        accounts);
  }

  private static Bson changed(Instant since, Accounts accounts) {
    return Batches.narrowed(Filters.gt(BatchFields.ACTED_AT, Date.from(since)), accounts);
  }

  private static Bson union(MongoCollection<Document> collection, Bson... part) {
    return Aggregates.unionWith(collection.getNamespace().getCollectionName(), List.of(part));
  }
}

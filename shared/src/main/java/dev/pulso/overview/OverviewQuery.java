package dev.pulso.overview;

import static dev.pulso.mongo.Lenient.count;
import static dev.pulso.mongo.Lenient.time;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import dev.pulso.access.Accounts;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.catchup.AccountTotals;
import dev.pulso.catchup.CountingProgress;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.recount.TallyFields;
import dev.pulso.time.Midnight;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Reads counters, never jobs, in one round trip: how far counting has come, what was added up at
 * the last look, active batches, and the account. Rows are told apart by what only they have: a
 * stage that marks them takes the server longer than reading them.
 */
final class OverviewQuery {
  private static final String NOW = "now";
  private static final String ACCOUNT = "account";

  /** Rows come in one answer, however many batches are active. */
  private static final int ALL_ROWS = 100_000;

  private final Db db;
  private final ZoneId zone;

  OverviewQuery(Db db, ZoneId zone) {
    this.db = db;
    this.zone = zone;
  }

  /**
   * What the counters say.
   *
   * @param overview the figures
   * @param progress how far counting had come
   * @param isDue whether somebody has to look what changed since
   */
  record Answer(Overview overview, CountingProgress progress, boolean isDue) {}

  Answer read(View view) {
    ActiveBatches batches = new ActiveBatches();
    Optional<AccountView> account = Optional.empty();
    CountingProgress progress = CountingProgress.NONE;
    Overview.Jobs jobs = Overview.Jobs.NONE;
    Optional<Instant> now = Optional.empty();
    for (Document row : db.progress().aggregate(pipeline(view)).batchSize(ALL_ROWS)) {
      if (row.containsKey(NOW)) {
        now = time(row.get(NOW));
        progress = CountingProgress.of(row);
        if (view.accounts().only().isEmpty()) {
          jobs = jobs(Lenient.document(row.get(AccountTotals.ALL)));
        }
      } else if (row.containsKey(AccountTotals.TOKEN)) {
        jobs = jobs.plus(jobs(row));
      } else if (row.containsKey(ACCOUNT)) {
        Document found = Lenient.document(row.get(ACCOUNT));
        account =
            account.or(() -> Optional.of(AccountView.of(view.account().orElseThrow(), found)));
      } else {
        batches.add(row);
      }
    }
    // Before anybody counted, nothing is there that could bring the server's clock along.
    return answer(now.orElseGet(db::now), progress, account, jobs, batches.total());
  }

  private Answer answer(
      Instant now,
      CountingProgress progress,
      Optional<AccountView> account,
      Overview.Jobs jobs,
      Overview.Batches batches) {
    Instant midnight = Midnight.before(now, zone);
    return new Answer(
        new Overview(
            progress.isNone() ? now : progress.ranAt(),
            account,
            // What was counted on another day than today says nothing about today's jobs but: none.
            progress.day().equals(midnight) ? jobs : jobs.withoutToday(),
            batches,
            progress.isComplete()),
        progress,
        progress.isDue(now, midnight));
  }

  private List<Bson> pipeline(View view) {
    List<Bson> pipeline = new ArrayList<>();
    pipeline.add(Aggregates.match(Filters.eq("_id", CountingProgress.ID)));
    pipeline.add(new Document("$set", new Document(NOW, "$$NOW")));
    view.accounts()
        .only()
        .ifPresent(
            ids -> pipeline.add(union(db.totals(), Aggregates.match(Filters.in("_id", ids)))));
    pipeline.add(
        union(
            db.batches(),
            Aggregates.match(active(view.accounts())),
            Aggregates.project(ActiveBatches.FIELDS)));
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
        Filters.and(
            Filters.eq(BatchFields.IS_ACTIVE, true), Filters.eq(BatchFields.CANCELLED_AT, null)),
        accounts);
  }

  private static Bson union(MongoCollection<Document> collection, Bson... part) {
    return Aggregates.unionWith(collection.getNamespace().getCollectionName(), List.of(part));
  }

  private static Overview.Jobs jobs(Document totals) {
    return new Overview.Jobs(
        count(totals.get(TallyFields.TODAY)),
        count(totals.get(TallyFields.PENDING)),
        count(totals.get(TallyFields.COMPLETED)),
        count(totals.get(TallyFields.FAILED)));
  }
}

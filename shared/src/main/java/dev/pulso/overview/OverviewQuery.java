package dev.pulso.overview;

import static dev.pulso.mongo.Lenient.count;
import static dev.pulso.mongo.Lenient.sum;
import static dev.pulso.mongo.Lenient.time;

import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Rounding;
import dev.pulso.catchup.CountingProgress;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.recount.TallyFields;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Adds up counters, never jobs, in one round trip: tallies, active batches, the account, and how
 * far counting has come.
 */
final class OverviewQuery {
  private static final String KIND = "kind";
  private static final String ACTIVE = "active";

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

  Answer read(Optional<String> accountId) {
    List<Bson> pipeline = new ArrayList<>();
    pipeline.add(
        new Document("$documents", List.of(new Document(KIND, "now").append("now", "$$NOW"))));
    union(pipeline, db.progress().getNamespace().getCollectionName(), progress());
    union(pipeline, db.tallies().getNamespace().getCollectionName(), jobs(accountId));
    union(pipeline, db.batches().getNamespace().getCollectionName(), batches(accountId));
    accountId.ifPresent(
        id -> union(pipeline, db.accounts().getNamespace().getCollectionName(), account(id)));
    Map<Instant, Overview.Jobs> jobsByDay = new HashMap<>();
    Overview.Batches batches = Overview.Batches.NONE;
    Optional<AccountView> account = Optional.empty();
    CountingProgress progress = CountingProgress.NONE;
    Instant now = Instant.EPOCH;
    for (Document row : db.database().aggregate(pipeline)) {
      switch (row.getString(KIND)) {
        case "now" -> now = time(row.get("now")).orElseThrow();
        case "progress" -> progress = CountingProgress.of(row);
        case "jobs" -> jobsByDay.put(time(row.get("_id")).orElse(Instant.EPOCH), jobs(row));
        case "batches" -> batches = batches(row);
        default -> account = Optional.of(AccountView.of(accountId.orElseThrow(), account(row)));
      }
    }
    Instant midnight = midnight(now, zone);
    return new Answer(
        new Overview(
            progress.isNone() ? now : progress.ranAt(),
            account,
            addUp(jobsByDay, midnight),
            batches,
            progress.isComplete()),
        progress,
        progress.isDue(now, midnight));
  }

  /** When "today" began. */
  static Instant midnight(Instant now, ZoneId zone) {
    return now.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
  }

  /** What was counted on another day than today says nothing about today's jobs but: none. */
  private static Overview.Jobs addUp(Map<Instant, Overview.Jobs> jobsByDay, Instant midnight) {
    Overview.Jobs sum = Overview.Jobs.NONE;
    for (Map.Entry<Instant, Overview.Jobs> day : jobsByDay.entrySet()) {
      sum = sum.plus(day.getValue(), day.getKey().equals(midnight));
    }
    return sum;
  }

  private static void union(List<Bson> pipeline, String collection, List<Bson> part) {
    pipeline.add(Aggregates.unionWith(collection, part));
  }

  private static Bson kind(String kind) {
    return new Document("$set", new Document(KIND, kind));
  }

  private static List<Bson> progress() {
    return List.of(Aggregates.match(Filters.eq("_id", CountingProgress.ID)), kind("progress"));
  }

  private static List<Bson> jobs(Optional<String> accountId) {
    List<Bson> stages = new ArrayList<>();
    String from = "$";
    if (accountId.isPresent()) {
      Bson ofAccount = Filters.eq("accounts.id", accountId.get());
      stages.add(Aggregates.match(ofAccount));
      stages.add(Aggregates.unwind("$" + TallyFields.ACCOUNTS));
      stages.add(Aggregates.match(ofAccount));
      from = "$" + TallyFields.ACCOUNTS + ".";
    }
    stages.add(
        Aggregates.group(
            "$" + TallyFields.DAY,
            Accumulators.sum(TallyFields.PENDING, from + TallyFields.PENDING),
            Accumulators.sum(TallyFields.COMPLETED, from + TallyFields.COMPLETED),
            Accumulators.sum(TallyFields.FAILED, from + TallyFields.FAILED),
            Accumulators.sum(TallyFields.TODAY, from + TallyFields.TODAY)));
    stages.add(kind("jobs"));
    return stages;
  }

  private static Overview.Jobs jobs(Document row) {
    return new Overview.Jobs(
        count(row.get(TallyFields.TODAY)),
        count(row.get(TallyFields.PENDING)),
        count(row.get(TallyFields.COMPLETED)),
        count(row.get(TallyFields.FAILED)));
  }

  private static List<Bson> batches(Optional<String> accountId) {
    List<Bson> conditions = new ArrayList<>();
    conditions.add(Filters.eq(BatchFields.IS_ACTIVE, true));
    accountId.ifPresent(id -> conditions.add(Filters.eq(BatchFields.ACCOUNT_ID, id)));
    conditions.add(Filters.eq(BatchFields.CANCELLED_AT, null));
    return List.of(
        Aggregates.match(Filters.and(conditions)),
        Aggregates.group(
            null,
            Accumulators.sum(ACTIVE, 1),
            Accumulators.sum(BatchFields.TOTAL_JOBS, counted(".total", BatchFields.TOTAL_JOBS)),
            Accumulators.sum("cents", counted(".cents", null)),
            Accumulators.sum("ms", counted(".ms", null)),
            Accumulators.sum(BatchFields.TOTAL_COST, carried(BatchFields.TOTAL_COST)),
            Accumulators.sum(BatchFields.TOTAL_MINUTES, carried(BatchFields.TOTAL_MINUTES))),
        kind("batches"));
  }

  /** Pulso's own figure; for a batch of which no job was ever found, the one that it carries. */
  private static Document counted(String figure, String otherwise) {
    return cond(
        isCounted(),
        "$" + BatchFields.FIGURES + figure,
        otherwise == null ? 0 : believable(otherwise));
  }

  private static Document carried(String field) {
    return cond(isCounted(), 0, believable(field));
  }

  private static Document isCounted() {
    return new Document(
        "$eq", List.of(new Document("$type", "$" + BatchFields.FIGURES_TOTAL), "long"));
  }

  private static Document believable(String field) {
    String path = "$" + field;
    return cond(
        new Document(
            "$and",
            List.of(
                new Document("$gt", List.of(path, -Lenient.ABSURD)),
                new Document("$lt", List.of(path, Lenient.ABSURD)))),
        path,
        0);
  }

  private static Document cond(Object condition, Object then, Object otherwise) {
    return new Document("$cond", Arrays.asList(condition, then, otherwise));
  }

  private static Overview.Batches batches(Document row) {
    return new Overview.Batches(
        count(row.get(ACTIVE)),
        Math.max(0, sum(row.get(BatchFields.TOTAL_JOBS)).longValue()),
        Rounding.twoDecimals(
            Rounding.units(sum(row.get("cents"))).add(sum(row.get(BatchFields.TOTAL_COST)))),
        Rounding.twoDecimals(
            Rounding.minutes(sum(row.get("ms"))).add(sum(row.get(BatchFields.TOTAL_MINUTES)))));
  }

  private static List<Bson> account(String accountId) {
    return List.of(
        Aggregates.match(Filters.eq("account_id", accountId)),
        Aggregates.limit(1),
        Aggregates.project(new Document("account", "$$ROOT").append("_id", 0)),
        kind("account"));
  }

  private static Document account(Document row) {
    return Lenient.document(row.get("account"));
  }
}

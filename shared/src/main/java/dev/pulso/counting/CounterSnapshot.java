package dev.pulso.counting;

import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;
import static dev.pulso.mongo.Lenient.count;
import static dev.pulso.mongo.Lenient.sum;
import static dev.pulso.mongo.Lenient.time;

import dev.pulso.batch.Counters;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.mongo.Lenient;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/**
 * The stored result of a group's last recount: a document of {@code pulso_tallies}, whose {@code
 * _id} is {@link JobGroup#key}.
 *
 * @param group the jobs that were counted
 * @param takenAt the moment of the counts, by the server's clock; empty: never counted
 * @param countCost what counting by status took
 * @param sumsAt the moment of the sums
 * @param sumsCost what summing took
 * @param sumsTriedAt the moment of the sums, or of later ones that were not done in time
 * @param sumsBehind whether jobs changed since the sums
 * @param total how many jobs there were
 * @param accounts the counts by status and account, as they are stored
 * @param sums cost and length of calls
 */
public record CounterSnapshot(
    JobGroup group,
    Optional<Instant> takenAt,
    Duration countCost,
    Instant sumsAt,
    Duration sumsCost,
    Instant sumsTriedAt,
    boolean sumsBehind,
    long total,
    List<Document> accounts,
    CallSums sums) {

  /** The token of the recount that wrote it. */
  public static final String WRITTEN = "written";

  public static final String TAKEN_AT = "taken_at";

  /** When it was written: a recount may take long. */
  public static final String STORED_AT = "stored_at";

  public static final String COUNT_COST_MS = "count_cost_ms";
  public static final String SUMS_AT = "sums_at";
  public static final String SUMS_COST_MS = "sums_cost_ms";

  /** The moment of sums that were not done in time. */
  static final String SUMS_TRIED_AT = "sums_tried_at";

  /** Whether jobs changed since the sums, which were too costly to be made again so soon. */
  public static final String SUMS_BEHIND = "sums_behind";

  /** Whether the server refused to write the counters to the batch. */
  static final String REFUSED = "refused";

  public static final String TOTAL = "total";
  public static final String PENDING = "pending";
  public static final String COMPLETED = "completed";
  public static final String FAILED = "failed";
  public static final String CENTS = "cents";
  public static final String MS = "ms";
  public static final String ACCOUNTS = "accounts";

  /** The {@code account_id} in an entry of {@link #ACCOUNTS}; null: jobs of no account. */
  public static final String ACCOUNT = "id";

  /** For each midnight of a time zone that somebody asks for: the jobs created since. */
  public static final String DAYS = "days";

  /** Name of {@link #countedFor} in rows; not stored. */
  static final String COUNTED_FOR_DAY = "day_at";

  public static final String SINCE = "since";
  public static final String AT = "at";
  public static final String CREATED = "n";

  /** The fold that added this recount to the account totals; the greatest long: none yet. */
  public static final String OPEN_SEQ = "open_seq";

  /** What the account totals hold of it; written by the refresh alone. */
  public static final String FOLDED = "folded";

  /** Longer than any day lasts anywhere: of days that began before, nobody asks any more. */
  static final Duration DAYS_KEPT = Duration.ofHours(48);

  static CounterSnapshot of(Document document) {
    Instant sumsAt = time(document.get(SUMS_AT)).orElse(Instant.EPOCH);
    return new CounterSnapshot(
        JobGroup.ofSnapshot(document),
        time(document.get(TAKEN_AT)),
        Duration.ofMillis(count(document.get(COUNT_COST_MS))),
        sumsAt,
        Duration.ofMillis(count(document.get(SUMS_COST_MS))),
        time(document.get(SUMS_TRIED_AT)).filter(sumsAt::isBefore).orElse(sumsAt),
        Lenient.isTrue(document.get(SUMS_BEHIND)),
        count(document.get(TOTAL)),
        document.getList(ACCOUNTS, Document.class, List.of()),
        new CallSums(sum(document.get(CENTS)), sum(document.get(MS))));
  }

  /** The account of all its jobs, if it is one. */
  Optional<String> onlyAccount() {
    return accounts.size() == 1
        ? Optional.ofNullable(accounts.getFirst().getString(ACCOUNT))
        : Optional.empty();
  }

  /** Returns whether both counts and sums are of after that moment. */
  boolean isSince(Instant asOf) {
    return takenAt.filter(asOf::isBefore).isPresent() && sumsAt.isAfter(asOf);
  }

  /** Returns whether the duty cycle allows new sums beside these counts. */
  boolean areSumsDue(Instant now, JobCounts counts) {
    boolean isEnd = counters().open() > 0 && counts.all().open() == 0;
    // Nothing is told of a batch after its end.
    Duration pause =
        isEnd ? DutyCycle.beforeLastSums(sumsCost) : DutyCycle.afterSumming(sumsCost, countCost);
    return sumsTriedAt.isAfter(now) || !sumsTriedAt.plus(pause).isAfter(now);
  }

  /** Returns whether calls may have ended between its sums and these counts. */
  boolean mayLack(JobCounts counts) {
    return takenAt.isEmpty()
        || !accounts.equals(accounts(counts))
        || counts.lastModified().isAfter(sumsAt.minus(Recounter.CLOCK_SKEW));
  }

  /** Adds to {@link #counted} that new sums were not done in that time. */
  void addTriedSums(Document counted, Instant at, Duration time) {
    Duration cost = time.compareTo(sumsCost) > 0 ? time : sumsCost;
    counted.append(SUMS_TRIED_AT, Date.from(at)).append(SUMS_COST_MS, cost.toMillis());
  }

  /** Returns its counters, or what the batch carries if there is no job to count. */
  public Counters countersOr(Counters carried) {
    return total > 0 ? counters() : carried;
  }

  Counters counters() {
    Document all = new Document();
    for (Document account : accounts) {
      account.forEach((field, jobs) -> all.put(field, count(all.get(field)) + count(jobs)));
    }
    all.putAll(sums.document());
    return Counters.counted(all);
  }

  /** The stored form of new counts, without sums. */
  static Document counted(Lease<?> lease, JobCounts counts, Instant midnight, Duration cost) {
    return new Document(TAKEN_AT, Date.from(lease.takenAt()))
        .append(COUNT_COST_MS, cost.toMillis())
        .append(REFUSED, "$$REMOVE")
        .append(TOTAL, counts.all().total())
        .append(DAYS, days(lease, counts, midnight))
        .append(ACCOUNTS, literal(accounts(counts)));
  }

  /** Adds new sums to {@link #counted}. */
  static void addSums(Document counted, CallSums sums, Instant at, Duration cost) {
    counted.putAll(sums.document());
    counted
        .append(SUMS_AT, Date.from(at))
        .append(SUMS_COST_MS, cost.toMillis())
        .append(SUMS_BEHIND, false);
  }

  /** Everything that tells whether jobs changed their status or account. */
  static List<Document> accounts(JobCounts counts) {
    return counts.accounts().stream()
        .map(
            account ->
                account.counts().document().append(ACCOUNT, account.accountId().orElse(null)))
        .toList();
  }

  /**
   * The jobs of this day, and what was counted for days of other zones: only an upload changes
   * these, and the time of the count tells whether there was one since.
   */
  private static Document days(Lease<?> lease, JobCounts counts, Instant midnight) {
    List<Document> created =
        counts.accounts().stream()
            .filter(account -> account.today() > 0)
            .map(
                account ->
                    new Document(ACCOUNT, account.accountId().orElse(null))
                        .append(CREATED, account.today()))
            .toList();
    Document day =
        new Document(SINCE, Date.from(midnight))
            .append(AT, Date.from(lease.takenAt()))
            .append(ACCOUNTS, created);
    if (counts.all().total() == 0) {
      // Its jobs are gone, also from days of other zones.
      return literal(List.of(day));
    }
    Document isOther = op("$ne", "$$this." + SINCE, Date.from(midnight));
    Date kept = Date.from(lease.takenAt().minus(DAYS_KEPT));
    Document isKept = op("$gt", "$$this." + SINCE, kept);
    return op("$concatArrays", literal(List.of(day)), daysWhere(op("$and", isOther, isKept)));
  }

  /** An expression: when the jobs of the day that began then were counted. */
  static Document countedFor(Instant midnight) {
    Document ofDay = daysWhere(op("$eq", "$$this." + SINCE, Date.from(midnight)));
    return new Document(
        "$max", new Document("$map", new Document("input", ofDay).append("in", "$$this." + AT)));
  }

  /** An expression: the stored days for which a condition on $$this is true. */
  static Document daysWhere(Document condition) {
    return new Document(
        "$filter",
        new Document("input", op("$ifNull", "$" + DAYS, List.of())).append("cond", condition));
  }
}

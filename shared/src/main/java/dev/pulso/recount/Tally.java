package dev.pulso.recount;

import static dev.pulso.mongo.Lenient.count;
import static dev.pulso.mongo.Lenient.sum;
import static dev.pulso.mongo.Lenient.time;

import dev.pulso.batch.Counters;
import dev.pulso.batch.Rounding;
import dev.pulso.mongo.Lenient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/**
 * What the database keeps of a group's last recount.
 *
 * @param group the jobs that were counted
 * @param takenAt the moment of the counts, by the clock of the database; empty: never counted
 * @param countCost what counting by status took
 * @param sumsAt the moment of the sums
 * @param sumsCost what summing took
 * @param sumsBehind whether jobs changed since the sums
 * @param total how many jobs there were
 * @param fingerprint the counts by status and account, to see whether anything changed
 * @param sums cost and length of calls
 * @param soleAccount the account of all the jobs, if it is one
 */
public record Tally(
    JobGroup group,
    Optional<Instant> takenAt,
    Duration countCost,
    Instant sumsAt,
    Duration sumsCost,
    boolean sumsBehind,
    long total,
    List<Document> fingerprint,
    Sums sums,
    Optional<String> soleAccount) {

  /**
   * An expression: the days that a tally has counts for, of which a condition on $$this is true.
   */
  public static Document days(Document condition) {
    return new Document(
        "$filter",
        new Document("input", new Document("$ifNull", List.of("$" + TallyFields.DAYS, List.of())))
            .append("cond", condition));
  }

  static Tally of(Document document) {
    List<Document> accounts = accounts(document);
    return new Tally(
        JobGroup.ofKey(document.get("_id", Document.class)),
        time(document.get(TallyFields.TAKEN_AT)),
        Duration.ofMillis(count(document.get(TallyFields.COUNT_COST_MS))),
        time(document.get(TallyFields.SUMS_AT)).orElse(Instant.EPOCH),
        Duration.ofMillis(count(document.get(TallyFields.SUMS_COST_MS))),
        Lenient.isTrue(document.get(TallyFields.SUMS_BEHIND)),
        count(document.get(TallyFields.TOTAL)),
        accounts,
        new Sums(sum(document.get(TallyFields.CENTS)), sum(document.get(TallyFields.MS))),
        accounts.size() == 1
            ? Optional.ofNullable(accounts.get(0).getString(TallyFields.ACCOUNT))
            : Optional.empty());
  }

  Counters counters() {
    return new Counters(
        total,
        ofAll("pending"),
        ofAll("completed"),
        ofAll("failed"),
        ofAll("suspended"),
        ofAll("open"),
        Rounding.units(sums.cents()),
        Rounding.minutes(sums.ms()));
  }

  private long ofAll(String figure) {
    return fingerprint.stream().mapToLong(account -> count(account.get(figure))).sum();
  }

  private static List<Document> accounts(Document document) {
    List<Document> accounts = document.getList(TallyFields.ACCOUNTS, Document.class);
    return accounts == null ? List.of() : accounts;
  }
}

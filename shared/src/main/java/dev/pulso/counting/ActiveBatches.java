package dev.pulso.counting;

import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;
import static dev.pulso.mongo.Lenient.count;
import static dev.pulso.mongo.Lenient.notNegative;
import static dev.pulso.mongo.Lenient.sum;

import dev.pulso.batch.BatchFields;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.batch.Rounding;
import dev.pulso.mongo.Lenient;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.bson.Document;
import org.bson.types.Decimal128;

/**
 * Adds up active batches: what Pulso counted; for a batch of which no job was ever found, the
 * counters that it carries. The rule stands here twice: {@link #add} for batches that an overview
 * reads, {@link #added} for those that the server sums.
 */
public final class ActiveBatches {
  /** What of a batch is read, half a dozen numbers. */
  public static final Document FIELDS =
      new Document("_id", 0)
          .append(BatchFields.COUNTERS_TOTAL, 1)
          .append(BatchFields.COUNTERS_CENTS, 1)
          .append(BatchFields.COUNTERS_MS, 1)
          .append(BatchFields.TOTAL_JOBS, 1)
          .append(BatchFields.TOTAL_COST, 1)
          .append(BatchFields.TOTAL_MINUTES, 1);

  /** The {@code account_id} of stored sums. */
  static final String ACCOUNT = "id";

  private static final String ACTIVE = "n";
  private static final String JOBS = "jobs";
  private static final String CENTS = "cents";
  private static final String MS = "ms";
  private static final String COST = "cost";
  private static final String MINUTES = "minutes";

  /** The fields of stored sums that add up. */
  static final List<String> SUMMED = List.of(ACTIVE, JOBS, CENTS, MS, COST, MINUTES);

  private long active;
  private long jobs;
  private BigDecimal cents = BigDecimal.ZERO;
  private BigDecimal ms = BigDecimal.ZERO;
  private BigDecimal cost = BigDecimal.ZERO;
  private BigDecimal minutes = BigDecimal.ZERO;

  /** Adds an active batch. */
  public void add(Document batch) {
    Document counted = BatchFields.countersOf(batch);
    active++;
    if (counted.get("total") instanceof Number) {
      jobs += count(counted.get("total"));
      cents = cents.add(sum(counted.get("cents")));
      ms = ms.add(sum(counted.get("ms")));
    } else {
      jobs += count(batch.get(BatchFields.TOTAL_JOBS));
      cost = cost.add(notNegative(batch.get(BatchFields.TOTAL_COST)));
      minutes = minutes.add(notNegative(batch.get(BatchFields.TOTAL_MINUTES)));
    }
  }

  /** Adds stored sums. */
  public void addSums(Document sums) {
    addSums(sums, BigDecimal.ONE);
  }

  /** Subtracts stored sums. */
  public void subtractSums(Document sums) {
    addSums(sums, BigDecimal.ONE.negate());
  }

  private void addSums(Document sums, BigDecimal sign) {
    active += sign.multiply(sum(sums.get(ACTIVE))).longValue();
    jobs += sign.multiply(sum(sums.get(JOBS))).longValue();
    cents = cents.add(sign.multiply(sum(sums.get(CENTS))));
    ms = ms.add(sign.multiply(sum(sums.get(MS))));
    cost = cost.add(sign.multiply(sum(sums.get(COST))));
    minutes = minutes.add(sign.multiply(sum(sums.get(MINUTES))));
  }

  /** The sums in their stored form. */
  Document document() {
    return new Document(ACTIVE, active)
        .append(JOBS, jobs)
        .append(CENTS, stored(cents))
        .append(MS, stored(ms))
        .append(COST, stored(cost))
        .append(MINUTES, stored(minutes));
  }

  /** Batches may carry figures that together have more digits than it holds. */
  private static Decimal128 stored(BigDecimal sum) {
    return new Decimal128(sum.round(MathContext.DECIMAL128));
  }

  /** An expression: what a batch adds, in the stored form; null if it is not active. */
  static Document added() {
    String account = "$" + BatchFields.ACCOUNT_ID;
    String total = "$" + BatchFields.COUNTERS_TOTAL;
    Document counted =
        new Document(JOBS, total)
            .append(CENTS, number("$" + BatchFields.COUNTERS_CENTS))
            .append(MS, number("$" + BatchFields.COUNTERS_MS));
    Document carried =
        new Document(JOBS, op("$trunc", amount("$" + BatchFields.TOTAL_JOBS)))
            .append(COST, op("$toDecimal", amount("$" + BatchFields.TOTAL_COST)))
            .append(MINUTES, op("$toDecimal", amount("$" + BatchFields.TOTAL_MINUTES)));
    Document whose =
        new Document(ACCOUNT, op("$cond", op("$eq", op("$type", account), "string"), account, null))
            .append(ACTIVE, literal(1L));
    return op(
        "$cond",
        op("$and", op("$eq", "$" + BatchFields.IS_ACTIVE, true), CancellationMarkers.missing()),
        op("$mergeObjects", whose, op("$cond", isNumber(total), counted, carried)),
        null);
  }

  /**
   * An expression: whether an active batch may add something else than these stored sums. For a
   * counted one, a few comparisons tell.
   */
  static Document mayAddOther(String held) {
    String total = "$" + BatchFields.COUNTERS_TOTAL;
    Document account = op("$ifNull", "$" + BatchFields.ACCOUNT_ID, null);
    Document differs =
        op(
            "$or",
            op("$ne", held + "." + JOBS, total),
            op("$ne", held + "." + CENTS, "$" + BatchFields.COUNTERS_CENTS),
            op("$ne", held + "." + MS, "$" + BatchFields.COUNTERS_MS),
            op("$ne", held + "." + ACCOUNT, account));
    Document addsOther = op("$ne", op("$ifNull", held, null), added());
    return op("$cond", isNumber(total), differs, addsOther);
  }

  private static Document number(String path) {
    return op("$cond", isNumber(path), path, 0L);
  }

  private static Document isNumber(String path) {
    return new Document("$isNumber", path);
  }

  /** Zero if it is negative, or no number: that sorts below zero or above every number. */
  private static Document amount(String path) {
    Document isAmount = op("$and", op("$gt", path, 0L), op("$lt", path, Lenient.ABSURD));
    return op("$cond", isAmount, path, 0L);
  }

  /** How many there are. */
  public long active() {
    return active;
  }

  /** Their jobs. */
  public long jobs() {
    return jobs;
  }

  /** In units of money, not rounded. */
  public BigDecimal cost() {
    return cents.movePointLeft(2).add(cost);
  }

  /** Minutes of calls, not rounded. */
  public BigDecimal minutes() {
    return ms.divide(Rounding.MS_PER_MINUTE, MathContext.DECIMAL128).add(minutes);
  }
}

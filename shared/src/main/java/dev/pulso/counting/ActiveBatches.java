package dev.pulso.counting;

import static dev.pulso.mongo.Lenient.count;
import static dev.pulso.mongo.Lenient.notNegative;
import static dev.pulso.mongo.Lenient.sum;

import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Rounding;
import dev.pulso.mongo.Lenient;
import java.math.BigDecimal;
import org.bson.Document;
import org.bson.types.Decimal128;

/**
 * Adds up active batches: Pulso's own figures; for a batch of which no job was ever found, those
 * that it carries. {@link ActiveSums} has the same rule as an expression.
 */
public final class ActiveBatches {
  /** What of a batch is read, half a dozen numbers. */
  public static final Document FIELDS =
      new Document("_id", 0)
          .append(BatchFields.FIGURES_TOTAL, 1)
          .append(BatchFields.FIGURES + ".cents", 1)
          .append(BatchFields.FIGURES + ".ms", 1)
          .append(BatchFields.TOTAL_JOBS, 1)
          .append(BatchFields.TOTAL_COST, 1)
          .append(BatchFields.TOTAL_MINUTES, 1);

  static final String ACTIVE = "n";
  static final String JOBS = "jobs";
  static final String CENTS = "cents";
  static final String MS = "ms";
  static final String COST = "cost";
  static final String MINUTES = "minutes";

  private long active;
  private long jobs;
  private BigDecimal cents = BigDecimal.ZERO;
  private BigDecimal ms = BigDecimal.ZERO;
  private BigDecimal cost = BigDecimal.ZERO;
  private BigDecimal minutes = BigDecimal.ZERO;

  /** Adds an active batch. */
  public void add(Document batch) {
    Document figures =
        Lenient.document(Lenient.document(batch.get(BatchFields.PULSO)).get("figures"));
    active++;
    if (figures.get("total") instanceof Number) {
      jobs += count(figures.get("total"));
      cents = cents.add(sum(figures.get("cents")));
      ms = ms.add(sum(figures.get("ms")));
    } else {
      jobs += count(batch.get(BatchFields.TOTAL_JOBS));
      cost = cost.add(notNegative(batch.get(BatchFields.TOTAL_COST)));
      minutes = minutes.add(notNegative(batch.get(BatchFields.TOTAL_MINUTES)));
    }
  }

  /** Adds sums as they are stored. */
  public void addSums(Document sums) {
    addSums(sums, BigDecimal.ONE);
  }

  /** Takes sums as they are stored away. */
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

  /** The same to be stored. */
  Document document() {
    return new Document(ACTIVE, active)
        .append(JOBS, jobs)
        .append(CENTS, new Decimal128(cents))
        .append(MS, new Decimal128(ms))
        .append(COST, new Decimal128(cost))
        .append(MINUTES, new Decimal128(minutes));
  }

  /** How many there are. */
  public long active() {
    return active;
  }

  /** Their jobs. */
  public long jobs() {
    return jobs;
  }

  /** In units of money. */
  public BigDecimal cost() {
    return Rounding.units(cents).add(cost);
  }

  /** Minutes of calls. */
  public BigDecimal minutes() {
    return Rounding.minutes(ms).add(minutes);
  }
}

package dev.pulso.overview;

import static dev.pulso.mongo.Lenient.count;
import static dev.pulso.mongo.Lenient.notNegative;
import static dev.pulso.mongo.Lenient.sum;

import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Rounding;
import dev.pulso.mongo.Lenient;
import java.math.BigDecimal;
import org.bson.Document;

/**
 * Adds up active batches: Pulso's own figures; for a batch of which no job was ever found, those
 * that it carries. Here and not on the server, where preparing the expressions costs more than
 * adding up a hundred batches.
 */
final class ActiveBatches {
  /** What of a batch is read, half a dozen numbers. */
  static final Document FIELDS =
      new Document("_id", 0)
          .append(BatchFields.FIGURES_TOTAL, 1)
          .append(BatchFields.FIGURES + ".cents", 1)
          .append(BatchFields.FIGURES + ".ms", 1)
          .append(BatchFields.TOTAL_JOBS, 1)
          .append(BatchFields.TOTAL_COST, 1)
          .append(BatchFields.TOTAL_MINUTES, 1);

  private long active;
  private long jobs;
  private BigDecimal cents = BigDecimal.ZERO;
  private BigDecimal ms = BigDecimal.ZERO;
  private BigDecimal cost = BigDecimal.ZERO;
  private BigDecimal minutes = BigDecimal.ZERO;

  void add(Document batch) {
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

  Overview.Batches total() {
    return new Overview.Batches(
        active,
        jobs,
        Rounding.twoDecimals(Rounding.units(cents).add(cost)),
        Rounding.twoDecimals(Rounding.minutes(ms).add(minutes)));
  }
}

package dev.pulso.counting;

import dev.pulso.batch.JobFields;
import dev.pulso.mongo.Lenient;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.types.Decimal128;

/**
 * Cost and length of calls, and where a job may carry them.
 *
 * @param cents cost in cents, with fractions
 * @param ms length in milliseconds
 */
record CallSums(BigDecimal cents, BigDecimal ms) {
  static final CallSums NONE = new CallSums(BigDecimal.ZERO, BigDecimal.ZERO);

  /** The first place with a number is the cost, in cents. */
  static final List<Place> COST =
      List.of(new Place(JobFields.COST, 1), new Place(JobFields.SUMMARY_COST, 1));

  /** The first place with a number is the length. */
  static final List<Place> LENGTH =
      List.of(
          new Place(JobFields.DURATION_MS, 1),
          new Place(JobFields.SUMMARY_DURATION_MS, 1),
          new Place(JobFields.DURATION_SECONDS, 1_000));

  private static final int DECIMALS = 6;

  /**
   * A place of a job where cost or length may stand.
   *
   * @param field its path
   * @param factor from its unit to that of the sum
   * @param names the names in that path
   */
  record Place(String field, long factor, List<String> names) {
    Place(String field, long factor) {
      this(field, factor, List.of(field.split("\\.")));
    }

    /** An expression: what stands there. */
    String path() {
      return "$" + field;
    }

    private Optional<BigDecimal> of(Document job) {
      Object value = job;
      for (String name : names) {
        if (!(value instanceof Document parent)) {
          return Optional.empty();
        }
        value = parent.get(name);
      }
      return Lenient.number(value).map(number -> number.multiply(BigDecimal.valueOf(factor)));
    }
  }

  /** Cost and length of the call of a job; 0 where no place has a plausible number. */
  static CallSums ofJob(Document job) {
    return new CallSums(first(job, COST), first(job, LENGTH));
  }

  private static BigDecimal first(Document job, List<Place> places) {
    for (Place place : places) {
      Optional<BigDecimal> number = place.of(job);
      if (number.isPresent()) {
        return number.get();
      }
    }
    return BigDecimal.ZERO;
  }

  CallSums plus(CallSums other) {
    return new CallSums(cents.add(other.cents), ms.add(other.ms));
  }

  /** Without digits that no answer shows, and that a stored decimal might not hold. */
  CallSums rounded() {
    return new CallSums(
        cents.setScale(DECIMALS, RoundingMode.HALF_UP),
        ms.setScale(DECIMALS, RoundingMode.HALF_UP));
  }

  /** Returns them as counter snapshots and batches store them. */
  Document document() {
    return new Document(CounterSnapshot.CENTS, new Decimal128(cents))
        .append(CounterSnapshot.MS, new Decimal128(ms));
  }
}

package dev.pulso.recount;

import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.BsonField;
import dev.pulso.mongo.Lenient;
import dev.pulso.recount.CallPlaces.Part;
import dev.pulso.recount.CallPlaces.Place;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;
import org.bson.Document;

/**
 * Sums of figures as they stand, with the least and the greatest of them, which tell whether that
 * was right: half the server's time of looking at each figure, and nearly all calls are like that.
 */
final class PlainSums {
  private static final String CENTS = "cents";
  private static final String MOST_CENTS = "most_cents";
  private static final String MS = "ms";
  private static final String SECONDS = "seconds";
  private static final String LEAST_LENGTH = "least_length";
  private static final String MOST_LENGTH = "most_length";

  /** Stands for a length that is at neither of the two first places; greater than any number. */
  private static final String ELSEWHERE = "elsewhere";

  private PlainSums() {}

  static List<BsonField> of(Part part) {
    if (part.hasCost()) {
      String cost = CallPlaces.COST.get(part.cost()).path();
      Document length =
          new Document(
              "$ifNull",
              List.of(CallPlaces.LENGTH.get(0).path(), CallPlaces.LENGTH.get(1).path(), ELSEWHERE));
      return List.of(
          Accumulators.sum(CENTS, cost),
          Accumulators.max(MOST_CENTS, cost),
          Accumulators.sum(MS, length),
          Accumulators.min(LEAST_LENGTH, length),
          Accumulators.max(MOST_LENGTH, length));
    }
    Place place = CallPlaces.LENGTH.get(part.length());
    return List.of(
        Accumulators.sum(place.factor() == 1 ? MS : SECONDS, place.path()),
        Accumulators.max(MOST_LENGTH, place.path()));
  }

  /**
   * Whether every figure was a believable number at the place where it was looked for. What the
   * part's range answers for, the lower end, is not among them.
   */
  static boolean areRight(Document row) {
    return Stream.of(MOST_CENTS, LEAST_LENGTH, MOST_LENGTH)
        .filter(row::containsKey)
        .allMatch(check -> Lenient.number(row.get(check)).isPresent());
  }

  static BigDecimal cents(Document row) {
    return Lenient.sum(row.get(CENTS));
  }

  static BigDecimal ms(Document row) {
    return Lenient.sum(row.get(MS))
        .add(Lenient.sum(row.get(SECONDS)).multiply(BigDecimal.valueOf(1_000)));
  }
}

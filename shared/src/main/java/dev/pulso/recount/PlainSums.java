package dev.pulso.recount;

import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.BsonField;
import dev.pulso.mongo.Lenient;
import dev.pulso.recount.CallPlaces.Part;
import dev.pulso.recount.CallPlaces.Place;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.types.MinKey;

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
  private static final String EARLIER_LENGTH = "earlier_length";

  private PlainSums() {}

  static List<BsonField> of(Part part) {
    if (part.hasCost()) {
      String cost = CallPlaces.COST.get(part.cost()).path();
      // Who writes the cost there writes the length there; looking in two places costs the server
      // a third more. Where a length is missing, less than any number stands for it.
      String length = CallPlaces.LENGTH.get(part.cost()).path();
      List<BsonField> figures = new ArrayList<>();
      figures.add(Accumulators.sum(CENTS, cost));
      figures.add(Accumulators.max(MOST_CENTS, cost));
      figures.add(Accumulators.sum(MS, length));
      figures.add(
          Accumulators.min(LEAST_LENGTH, new Document("$ifNull", List.of(length, new MinKey()))));
      figures.add(Accumulators.max(MOST_LENGTH, length));
      if (part.cost() > 0) {
        figures.add(Accumulators.max(EARLIER_LENGTH, CallPlaces.LENGTH.getFirst().path()));
      }
      return figures;
    }
    Place place = CallPlaces.LENGTH.get(part.length());
    return List.of(
        Accumulators.sum(place.factor() == 1 ? MS : SECONDS, place.path()),
        Accumulators.max(MOST_LENGTH, place.path()));
  }

  /**
   * Whether every figure was a believable number at the place where it was looked for, and none
   * stood at an earlier one. What the part's range answers for, the lower end, is not among them.
   */
  static boolean areRight(Document row) {
    return row.get(EARLIER_LENGTH) == null
        && Stream.of(MOST_CENTS, LEAST_LENGTH, MOST_LENGTH)
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

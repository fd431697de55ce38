package dev.pulso.recount;

import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.BsonField;
import dev.pulso.mongo.Lenient;
import dev.pulso.recount.CallPlaces.Part;
import dev.pulso.recount.CallPlaces.Place;
import java.math.BigDecimal;
import java.util.List;
import org.bson.Document;

/**
 * Sums that look at each figure: what is no believable number (a string, NaN, infinity, an array)
 * costs only itself, and the next place answers for it.
 */
final class CarefulSums {
  private static final String CENTS = "cents";
  private static final String MS = "ms";

  private CarefulSums() {}

  static List<BsonField> of(Part part) {
    return List.of(
        Accumulators.sum(CENTS, believable(CallPlaces.COST, part.cost())),
        Accumulators.sum(MS, believable(CallPlaces.LENGTH, part.length())));
  }

  static BigDecimal cents(Document row) {
    return Lenient.sum(row.get(CENTS));
  }

  static BigDecimal ms(Document row) {
    return Lenient.sum(row.get(MS));
  }

  /** An expression: the figure there; where it is beyond belief, that of the next place. */
  private static Object believable(List<Place> places, int first) {
    Object otherwise = 0;
    for (Place place : places.subList(first, places.size()).reversed()) {
      String path = place.path();
      Document believed =
          new Document(
              "$and",
              List.of(
                  new Document("$gt", List.of(path, -Lenient.ABSURD)),
                  new Document("$lt", List.of(path, Lenient.ABSURD))));
      Object value =
          place.factor() == 1 ? path : new Document("$multiply", List.of(path, place.factor()));
      otherwise = new Document("$cond", List.of(believed, value, otherwise));
    }
    return otherwise;
  }
}

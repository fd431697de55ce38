package dev.pulso.recount;

import com.mongodb.client.model.Filters;
import dev.pulso.batch.JobFields;
import dev.pulso.mongo.Lenient;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Where a job may carry cost and length of its call. Each place is a range of the index: jobs
 * without calls are skipped, and no document is fetched.
 */
final class CallPlaces {
  /** The first place with a number is the cost, in cents. */
  static final List<Place> COST =
      List.of(new Place(JobFields.COST, 1), new Place(JobFields.SUMMARY_COST, 1));

  /** The first place with a number is the length. */
  static final List<Place> LENGTH =
      List.of(
          new Place(JobFields.DURATION_MS, 1),
          new Place(JobFields.SUMMARY_DURATION_MS, 1),
          new Place(JobFields.DURATION_SECONDS, 1_000));

  private CallPlaces() {}

  /**
   * A place where a figure may stand.
   *
   * @param field its path in a job
   * @param factor from its unit to that of the sum
   * @param names the names of that path, which are asked for with every job
   */
  record Place(String field, long factor, List<String> names) {
    Place(String field, long factor) {
      this(field, factor, List.of(field.split("\\.")));
    }

    /** An expression: what stands there. */
    String path() {
      return "$" + field;
    }

    /** What stands there in a job; null: nothing. */
    Object of(Document job) {
      Document parent = job;
      for (String name : names.subList(0, names.size() - 1)) {
        parent = Lenient.document(parent.get(name));
      }
      return parent.get(names.getLast());
    }

    private Bson isNumber() {
      return Filters.gt(field, -Lenient.ABSURD);
    }
  }

  /**
   * Those calls of some groups whose figures begin at these places; no call is in two parts.
   *
   * @param cost the first place of {@link #COST} with a number, or its size: there is none
   * @param length the same of {@link #LENGTH} where there is no cost; with a cost, 0: any
   * @param filter matches them
   */
  record Part(int cost, int length, Bson filter) {
    boolean hasCost() {
      return cost < COST.size();
    }
  }

  /** All calls of these groups. */
  static List<Part> parts(Bson groups) {
    List<Part> parts = new ArrayList<>();
    for (int cost = 0; cost < COST.size(); cost++) {
      parts.add(new Part(cost, 0, filter(groups, firstAt(COST, cost), List.of())));
    }
    for (int length = 0; length < LENGTH.size(); length++) {
      Bson filter = filter(groups, firstAt(COST, COST.size()), firstAt(LENGTH, length));
      parts.add(new Part(COST.size(), length, filter));
    }
    return parts;
  }

  private static Bson filter(Bson groups, List<Bson> whereCost, List<Bson> whereLength) {
    List<Bson> conditions = new ArrayList<>(List.of(groups));
    conditions.addAll(whereCost);
    conditions.addAll(whereLength);
    return Filters.and(conditions);
  }

  /** Only lower bounds, and those negated, because the index alone can tell these. */
  private static List<Bson> firstAt(List<Place> places, int first) {
    List<Bson> conditions = new ArrayList<>();
    places.subList(0, first).forEach(place -> conditions.add(Filters.not(place.isNumber())));
    places.stream().skip(first).limit(1).map(Place::isNumber).forEach(conditions::add);
    return conditions;
  }
}

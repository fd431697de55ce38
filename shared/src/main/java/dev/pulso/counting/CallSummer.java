package dev.pulso.counting;

import static dev.pulso.mongo.Expressions.op;

import com.mongodb.client.AggregateIterable;
import com.mongodb.client.ClientSession;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.BsonField;
import com.mongodb.client.model.Filters;
import dev.pulso.batch.JobFields;
import dev.pulso.counting.CallSums.Place;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.Lenient;
import dev.pulso.time.Deadline;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.MinKey;

/**
 * Sums cost and length of the calls of large groups, from index keys alone. A plain sum with
 * minimum and maximum takes half the server's time of an expression that checks each value, and is
 * right for nearly all groups. Where its minimum or maximum is no plausible number, the group is
 * summed again by that expression.
 */
final class CallSummer {
  private static final String CENTS = "cents";
  private static final String MS = "ms";
  private static final String SECONDS = "seconds";
  private static final String MOST_CENTS = "most_cents";
  private static final String LEAST_LENGTH = "least_length";
  private static final String MOST_LENGTH = "most_length";
  private static final String EARLIER_LENGTH = "earlier_length";

  private final JobIndexes indexes;

  CallSummer(JobIndexes indexes) {
    this.indexes = indexes;
  }

  /**
   * Calls whose numbers begin at these places, a range of the index: jobs without calls are
   * skipped. No call is in two parts.
   *
   * @param cost the first place of {@link CallSums#COST} with a number, or its size: there is none
   * @param length the same of {@link CallSums#LENGTH} where there is no cost; with a cost, 0: any
   * @param filter matches them
   */
  private record Part(int cost, int length, Bson filter) {
    private boolean hasCost() {
      return cost < CallSums.COST.size();
    }
  }

  /** The sums of these groups; one without calls is left out. */
  Map<JobGroup, CallSums> sum(
      ClientSession session, Collection<JobGroup> groups, Duration timeout) {
    Deadline deadline = Deadline.in(timeout);
    Map<JobGroup, CallSums> sums = new HashMap<>();
    Set<JobGroup> odd = new HashSet<>();
    for (Document row : rows(session, groups, CallSummer::plain, timeout)) {
      for (JobGroup group : JobGroup.of(row.get("_id"), groups)) {
        sums.merge(group, sums(row), CallSums::plus);
        if (!isRight(row)) {
          odd.add(group);
        }
      }
    }
    if (!odd.isEmpty()) {
      sums.keySet().removeAll(odd);
      for (Document row : rows(session, odd, CallSummer::checked, deadline.remaining())) {
        JobGroup.of(row.get("_id"), odd)
            .forEach(group -> sums.merge(group, sums(row), CallSums::plus));
      }
    }
    return sums;
  }

  private AggregateIterable<Document> rows(
      ClientSession session,
      Collection<JobGroup> groups,
      Function<Part, List<BsonField>> summing,
      Duration timeout) {
    // One group needs no id that says which, and that would cost the server for each key.
    String id = groups.size() == 1 ? null : "$" + JobFields.BATCH_ID;
    List<List<Bson>> parts = new ArrayList<>();
    for (Part part : parts(JobGroup.filter(groups))) {
      parts.add(
          List.of(Aggregates.match(part.filter()), Aggregates.group(id, summing.apply(part))));
    }
    return indexes.counters(session, parts, timeout);
  }

  private static List<Part> parts(Bson groups) {
    int noCost = CallSums.COST.size();
    List<Part> parts = new ArrayList<>();
    for (int cost = 0; cost < noCost; cost++) {
      parts.add(new Part(cost, 0, filter(groups, firstAt(CallSums.COST, cost), List.of())));
    }
    for (int length = 0; length < CallSums.LENGTH.size(); length++) {
      Bson filter =
          filter(groups, firstAt(CallSums.COST, noCost), firstAt(CallSums.LENGTH, length));
      parts.add(new Part(noCost, length, filter));
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
    places.subList(0, first).forEach(place -> conditions.add(Filters.not(isNumber(place))));
    places.stream().skip(first).limit(1).map(CallSummer::isNumber).forEach(conditions::add);
    return conditions;
  }

  private static Bson isNumber(Place place) {
    return Filters.gt(place.field(), -Lenient.ABSURD);
  }

  private static List<BsonField> plain(Part part) {
    if (part.hasCost()) {
      String cost = CallSums.COST.get(part.cost()).path();
      // Who writes the cost there writes the length there; looking in two places costs the server
      // a third more. Where a length is missing, less than any number stands for it.
      String length = CallSums.LENGTH.get(part.cost()).path();
      Document lengthOrLeast = op("$ifNull", length, new MinKey());
      List<BsonField> sums = new ArrayList<>();
      sums.add(Accumulators.sum(CENTS, cost));
      sums.add(Accumulators.max(MOST_CENTS, cost));
      sums.add(Accumulators.sum(MS, length));
      sums.add(Accumulators.min(LEAST_LENGTH, lengthOrLeast));
      sums.add(Accumulators.max(MOST_LENGTH, length));
      if (part.cost() > 0) {
        sums.add(Accumulators.max(EARLIER_LENGTH, CallSums.LENGTH.getFirst().path()));
      }
      return sums;
    }
    Place place = CallSums.LENGTH.get(part.length());
    return List.of(
        Accumulators.sum(place.factor() == 1 ? MS : SECONDS, place.path()),
        Accumulators.max(MOST_LENGTH, place.path()));
  }

  /**
   * Whether every value of a plain sum was a plausible number at the place where it was looked for,
   * and none stood at an earlier one. The part's range itself is the lower bound of the first.
   */
  private static boolean isRight(Document row) {
    return row.get(EARLIER_LENGTH) == null
        && Stream.of(MOST_CENTS, LEAST_LENGTH, MOST_LENGTH)
            .filter(row::containsKey)
            .allMatch(check -> Lenient.number(row.get(check)).isPresent());
  }

  private static List<BsonField> checked(Part part) {
    return List.of(
        Accumulators.sum(CENTS, firstPlausible(CallSums.COST, part.cost())),
        Accumulators.sum(MS, firstPlausible(CallSums.LENGTH, part.length())));
  }

  /** An expression: the number at the first of these places that has a plausible one. */
  private static Object firstPlausible(List<Place> places, int first) {
    Object otherwise = 0;
    for (Place place : places.subList(first, places.size()).reversed()) {
      String path = place.path();
      Document isPlausible =
          op("$and", op("$gt", path, -Lenient.ABSURD), op("$lt", path, Lenient.ABSURD));
      Object value = place.factor() == 1 ? path : op("$multiply", path, place.factor());
      otherwise = op("$cond", isPlausible, value, otherwise);
    }
    return otherwise;
  }

  private static CallSums sums(Document row) {
    BigDecimal ofSeconds = Lenient.sum(row.get(SECONDS)).multiply(BigDecimal.valueOf(1_000));
    return new CallSums(Lenient.sum(row.get(CENTS)), Lenient.sum(row.get(MS)).add(ofSeconds))
        .rounded();
  }
}

package dev.pulso.recount;

import com.mongodb.client.AggregateIterable;
import com.mongodb.client.ClientSession;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import dev.pulso.job.JobFields;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.Lenient;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Sums cost and length of a group's calls. Each place where a figure may stand is a range of the
 * index: jobs without calls are skipped, no document is fetched, and what is no believable number
 * (a string, NaN, infinity) costs only itself.
 */
final class CallSummer {
  private static final String CENTS = "cents";
  private static final String MS = "ms";
  private static final int DECIMALS = 6;

  private static final List<Place> COST =
      List.of(new Place(JobFields.COST, 1), new Place(JobFields.SUMMARY_COST, 1));

  private static final List<Place> LENGTH =
      List.of(
          new Place(JobFields.DURATION_MS, 1),
          new Place(JobFields.SUMMARY_DURATION_MS, 1),
          new Place(JobFields.DURATION_SECONDS, 1_000));

  private final Db db;
  private final JobIndexes indexes;

  CallSummer(Db db, JobIndexes indexes) {
    this.db = db;
    this.indexes = indexes;
  }

  /** The sums of these groups; one without calls is left out. */
  Map<JobGroup, Sums> sum(ClientSession session, Collection<JobGroup> groups, Duration timeout) {
    String jobs = db.jobs().getNamespace().getCollectionName();
    List<Bson> pipeline = new ArrayList<>();
    for (List<Bson> part : parts(JobGroup.filter(groups))) {
      if (pipeline.isEmpty()) {
        pipeline.addAll(part);
      } else {
        pipeline.add(Aggregates.unionWith(jobs, part));
      }
    }
    AggregateIterable<Document> rows = db.jobs(timeout).aggregate(session, pipeline);
    indexes.figuresHint().ifPresent(rows::hintString);
    Map<JobGroup, Sums> sums = new HashMap<>();
    for (Document row : rows) {
      Sums part = new Sums(figure(row.get(CENTS)), figure(row.get(MS)));
      JobGroup.of(row.get("_id"), groups).forEach(group -> sums.merge(group, part, Sums::plus));
    }
    return sums;
  }

  /** Without the digits that nobody is ever shown, which may be more than a figure can hold. */
  private static BigDecimal figure(Object sum) {
    return Lenient.sum(sum).setScale(DECIMALS, RoundingMode.HALF_UP);
  }

  /** By the place of the cost; calls without one, by the place of the length. */
  private static List<List<Bson>> parts(Bson groups) {
    List<List<Bson>> parts = new ArrayList<>();
    for (int cost = 0; cost < COST.size(); cost++) {
      parts.add(part(groups, cost, firstAt(COST, cost), 0, List.of()));
    }
    for (int length = 0; length < LENGTH.size(); length++) {
      parts.add(
          part(groups, COST.size(), firstAt(COST, COST.size()), length, firstAt(LENGTH, length)));
    }
    return parts;
  }

  private static List<Bson> part(
      Bson groups, int cost, List<Bson> whereCost, int length, List<Bson> whereLength) {
    List<Bson> conditions = new ArrayList<>(List.of(groups));
    conditions.addAll(whereCost);
    conditions.addAll(whereLength);
    return List.of(
        Aggregates.match(Filters.and(conditions)),
        Aggregates.group(
            "$" + JobFields.BATCH_ID,
            Accumulators.sum(CENTS, believable(COST, cost)),
            Accumulators.sum(MS, believable(LENGTH, length))));
  }

  /** Only lower bounds, and those negated, because the index alone can tell these. */
  private static List<Bson> firstAt(List<Place> places, int first) {
    List<Bson> conditions = new ArrayList<>();
    places.subList(0, first).forEach(place -> conditions.add(Filters.not(place.isNumber())));
    places.stream().skip(first).limit(1).map(Place::isNumber).forEach(conditions::add);
    return conditions;
  }

  /** An expression: the figure there; where it is beyond belief, that of the next place. */
  private static Object believable(List<Place> places, int first) {
    Object otherwise = 0;
    for (Place place : places.subList(first, places.size()).reversed()) {
      String path = "$" + place.field;
      Document believed =
          new Document(
              "$and",
              List.of(
                  new Document("$gt", List.of(path, -Lenient.ABSURD)),
                  new Document("$lt", List.of(path, Lenient.ABSURD))));
      Object value =
          place.factor == 1 ? path : new Document("$multiply", List.of(path, place.factor));
      otherwise = new Document("$cond", List.of(believed, value, otherwise));
    }
    return otherwise;
  }

  /**
   * A place where a figure may stand.
   *
   * @param field its path in a job
   * @param factor from its unit to that of the sum
   */
  private record Place(String field, long factor) {
    Bson isNumber() {
      return Filters.gt(field, -Lenient.ABSURD);
    }
  }
}

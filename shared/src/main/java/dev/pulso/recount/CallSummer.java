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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Sums cost and length of a group's calls. Each place where a figure may stand is a range of the
 * index: jobs without calls are skipped, no document is fetched, and what is no believable number
 * (a string, NaN, infinity) lies outside the range and costs only itself.
 */
final class CallSummer {
  private static final String CENTS = "cents";
  private static final String MS = "ms";
  private static final String SECONDS = "seconds";
  private static final BigDecimal MS_PER_SECOND = BigDecimal.valueOf(1_000);

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
      BigDecimal ms = Lenient.amount(row.get(MS));
      BigDecimal seconds = Lenient.amount(row.get(SECONDS));
      sums.merge(
          JobGroup.of(row.get("_id"), groups),
          new Sums(Lenient.amount(row.get(CENTS)), ms.add(seconds.multiply(MS_PER_SECOND))),
          Sums::plus);
    }
    return sums;
  }

  /** Every way in which cost (two places or none) and length (three places or none) may stand. */
  private static List<List<Bson>> parts(Bson groups) {
    List<List<Bson>> parts = new ArrayList<>();
    for (CostPlace cost : CostPlace.values()) {
      for (LengthPlace length : LengthPlace.values()) {
        if (cost != CostPlace.NOWHERE || length != LengthPlace.NOWHERE) {
          parts.add(part(groups, cost, length));
        }
      }
    }
    return parts;
  }

  private static List<Bson> part(Bson groups, CostPlace cost, LengthPlace length) {
    List<Bson> conditions = new ArrayList<>();
    conditions.add(groups);
    conditions.addAll(cost.conditions);
    conditions.addAll(length.conditions);
    return List.of(
        Aggregates.match(Filters.and(conditions)),
        Aggregates.group(
            "$" + JobFields.BATCH_ID,
            Accumulators.sum(CENTS, cost.field.<Object>map(f -> "$" + f).orElse(0)),
            Accumulators.sum(length.unit, length.field.<Object>map(f -> "$" + f).orElse(0))));
  }

  private static Bson believable(String field) {
    return Filters.and(Filters.gt(field, -Lenient.ABSURD), Filters.lt(field, Lenient.ABSURD));
  }

  /** Negates only one bound, because the index alone can tell that, and cannot tell both. */
  private static Bson absent(String field) {
    return Filters.not(Filters.gt(field, -Lenient.ABSURD));
  }

  private enum CostPlace {
    CALL(JobFields.COST, believable(JobFields.COST)),
    SUMMARY(JobFields.SUMMARY_COST, absent(JobFields.COST), believable(JobFields.SUMMARY_COST)),
    NOWHERE(null, absent(JobFields.COST), absent(JobFields.SUMMARY_COST));

    private final Optional<String> field;
    private final List<Bson> conditions;

    CostPlace(String field, Bson... conditions) {
      this.field = Optional.ofNullable(field);
      this.conditions = List.of(conditions);
    }
  }

  private enum LengthPlace {
    CALL(JobFields.DURATION_MS, MS, believable(JobFields.DURATION_MS)),
    SUMMARY(
        JobFields.SUMMARY_DURATION_MS,
        MS,
        absent(JobFields.DURATION_MS),
        believable(JobFields.SUMMARY_DURATION_MS)),
    TOTAL(
        JobFields.DURATION_SECONDS,
        SECONDS,
        absent(JobFields.DURATION_MS),
        absent(JobFields.SUMMARY_DURATION_MS),
        believable(JobFields.DURATION_SECONDS)),
    NOWHERE(
        null,
        MS,
        absent(JobFields.DURATION_MS),
        absent(JobFields.SUMMARY_DURATION_MS),
        absent(JobFields.DURATION_SECONDS));

    private final Optional<String> field;
    private final String unit;
    private final List<Bson> conditions;

    LengthPlace(String field, String unit, Bson... conditions) {
      this.field = Optional.ofNullable(field);
      this.unit = unit;
      this.conditions = List.of(conditions);
    }
  }
}

package dev.pulso.counting;

import static dev.pulso.mongo.Expressions.op;

import dev.pulso.mongo.Leases;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bson.Document;

/**
 * Expressions over a counter snapshot: whether it is time for a recount. Times of the future are of
 * before the server's clock was set back, by a change of the primary for example, and say nothing.
 */
final class LeaseConditions {
  private LeaseConditions() {}

  /** Both counts and sums are of after that moment. */
  static Document isSince(Instant asOf) {
    List<Document> both =
        List.of(Leases.orEpoch(CounterSnapshot.TAKEN_AT), Leases.orEpoch(CounterSnapshot.SUMS_AT));
    return op(
        "$and",
        op("$gt", new Document("$min", both), Date.from(asOf)),
        op("$lte", new Document("$max", both), "$$NOW"));
  }

  /** The interval, and what the duty cycle asks for, have passed since the last recount. */
  static Document isDue(Duration interval) {
    Document dutyCycle =
        times(CounterSnapshot.COUNT_COST_MS, DutyCycle.afterCounting(Duration.ofMillis(1)));
    Document pause = op("$max", interval.toMillis(), dutyCycle);
    return isPast(Leases.orEpoch(CounterSnapshot.TAKEN_AT), pause);
  }

  /** Sums are behind, and what the duty cycle asks for has passed. */
  static Document areSumsDue() {
    Document triedAt =
        op(
            "$max",
            Leases.orEpoch(CounterSnapshot.SUMS_AT),
            Leases.orEpoch(CounterSnapshot.SUMS_TRIED_AT));
    Document pause =
        times(CounterSnapshot.SUMS_COST_MS, DutyCycle.afterCostlySums(Duration.ofMillis(1)));
    return op("$and", "$" + CounterSnapshot.SUMS_BEHIND, isPast(triedAt, pause));
  }

  private static Document times(String costMs, Duration pauseOfOneMs) {
    return op("$multiply", Leases.orElse(costMs, 0), pauseOfOneMs.toMillis());
  }

  private static Document isPast(Document at, Document pause) {
    return op("$or", op("$gt", at, "$$NOW"), op("$gte", "$$NOW", op("$add", at, pause)));
  }
}

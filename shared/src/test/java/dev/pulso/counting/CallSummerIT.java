package dev.pulso.counting;

import static dev.pulso.fixture.Builders.call;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.summarised;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.mongodb.client.ClientSession;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.JobIndexes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.bson.types.MinKey;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One odd call among ordinary ones: it costs only itself, wherever its figures stand. */
class CallSummerIT {
  private static final JobGroup ORDINARY = JobGroup.of("ordinary");
  private static final JobGroup ODD = JobGroup.of("odd");
  private static final int CALLS = 20;
  private static final double CENTS = 10.25;
  private static final int MS = 60_000;

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();
  private final CallSummer summer = new CallSummer(new JobIndexes(fixture.db()));

  static Stream<Arguments> oddCalls() {
    Document none = new Document();
    return Stream.of(
        argumentSet("nothing at all", none, 0.0, 0),
        argumentSet("cost only", result(call(5.5, null)), 5.5, 0),
        argumentSet("length only", result(call(null, 7_000)), 0.0, 7_000),
        argumentSet("length in seconds only", none(9), 0.0, 9_000),
        argumentSet("cost, length in seconds", result(call(5.5, null), 9), 5.5, 9_000),
        argumentSet("both in the summary", result(summarised(5.5, 7_000)), 5.5, 7_000),
        argumentSet("seconds do not count twice", result(call(5.5, 7_000), 9), 5.5, 7_000),
        argumentSet("the summary does not either", result(twice(5.5, 99.0, 7_000, 1)), 5.5, 7_000),
        argumentSet("length in the summary", result(twice(5.5, null, null, 7_000)), 5.5, 7_000),
        argumentSet("cost in the summary", result(twice(null, 4.5, 7_000, null)), 4.5, 7_000),
        argumentSet("and two lengths", result(twice(null, 4.5, 7_000, 8_000)), 4.5, 7_000),
        argumentSet("and a string before", result(twice(null, 4.5, "7", 8_000)), 4.5, 8_000),
        argumentSet("strings", result(call("5.5", "7000")), 0.0, 0),
        argumentSet("a string, then the summary", result(twice("x", 4.5, "y", 8_000)), 4.5, 8_000),
        argumentSet("an array", result(call(List.of(5.5), 7_000)), 0.0, 7_000),
        argumentSet("an array, then the summary", result(twice(List.of(5.5), 4.5, 1, 2)), 4.5, 1),
        argumentSet("length as an array", result(call(5.5, List.of(1)), 9), 5.5, 9_000),
        argumentSet("seconds as an array", none(List.of(9)), 0.0, 0),
        argumentSet("seconds as a string", result(call(5.5, null), "9"), 5.5, 0),
        argumentSet("NaN", result(call(Double.NaN, Double.NaN)), 0.0, 0),
        argumentSet("NaN as a length", result(twice(5.5, 1, Double.NaN, 8_000)), 5.5, 8_000),
        argumentSet("infinity", result(twice(Double.POSITIVE_INFINITY, 4.5, 1, 2)), 4.5, 1),
        argumentSet("minus infinity", result(twice(5.5, 1, Double.NEGATIVE_INFINITY, 8)), 5.5, 8),
        argumentSet("beyond belief", result(twice(1e15, 4.5, -1e15, 8)), 4.5, 8),
        argumentSet("next to nothing", result(call(1e-300, 7_000)), 0.0, 7_000),
        argumentSet("a date as a length", result(twice(5.5, 1, new Date(3), 8)), 5.5, 8),
        argumentSet("less than anything", result(twice(5.5, 1, new MinKey(), 8)), 5.5, 8),
        argumentSet("a refund", result(call(-5.5, 7_000)), -5.5, 7_000),
        argumentSet(
            "decimals",
            result(call(Decimal128.parse("5.5"), Decimal128.parse("7000"))),
            5.5,
            7_000),
        argumentSet("a decimal NaN", result(call(Decimal128.NaN, 7_000)), 0.0, 7_000));
  }

  @ParameterizedTest
  @MethodSource("oddCalls")
  void countsForWhatItIs(Document odd, double cents, int ms) {
    List<Document> jobs = new ArrayList<>();
    for (String batchId : List.of("ordinary", "odd")) {
      for (int i = 0; i < CALLS; i++) {
        jobs.add(job(batchId, "done").append("call_result", call(CENTS, MS)));
        jobs.add(job(batchId, "pending"));
      }
    }
    Document oddJob = job("odd", "done");
    oddJob.putAll(odd);
    jobs.add(oddJob);
    fixture.jobs(jobs);
    Map<JobGroup, CallSums> both = sum(ORDINARY, ODD);
    assertIs(both.get(ORDINARY), CALLS * CENTS, CALLS * MS);
    assertIs(both.get(ODD), CALLS * CENTS + cents, CALLS * MS + ms);
    assertThat(sum(ODD)).isEqualTo(Map.of(ODD, both.get(ODD)));
    assertIs(sumByOneRead(ODD), CALLS * CENTS + cents, CALLS * MS + ms);
  }

  private CallSums sumByOneRead(JobGroup group) {
    CounterSnapshot before =
        CounterSnapshot.of(new Document("_id", group.key()).append("total", CALLS));
    return new SmallGroups(fixture.db(), new JobIndexes(fixture.db()))
        .count(before, Instant.EPOCH, Instant.EPOCH, Duration.ofSeconds(10))
        .orElseThrow()
        .sums();
  }

  @Test
  void groupWithoutCallsIsLeftOut() {
    fixture.jobs(List.of(job("odd", "pending"), job("odd", "failed")));
    assertThat(sum(ODD)).isEmpty();
  }

  private Map<JobGroup, CallSums> sum(JobGroup... groups) {
    try (ClientSession session = fixture.db().client().startSession()) {
      return summer.sum(session, List.of(groups), Duration.ofSeconds(10));
    }
  }

  private static void assertIs(CallSums sums, double cents, long ms) {
    assertThat(sums.cents()).as("cents").isEqualByComparingTo(String.valueOf(cents));
    assertThat(sums.ms()).as("ms").isEqualByComparingTo(String.valueOf(ms));
  }

  private static Document result(Document callResult) {
    return new Document("call_result", callResult);
  }

  private static Document result(Document callResult, Object seconds) {
    return result(callResult).append("call_duration_seconds", seconds);
  }

  private static Document none(Object seconds) {
    return new Document("call_duration_seconds", seconds);
  }

  private static Document twice(Object cents, Object otherCents, Object ms, Object otherMs) {
    return call(cents, ms).append("summary", call(otherCents, otherMs));
  }
}

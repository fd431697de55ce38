package dev.pulso.cancel;

import static com.mongodb.client.model.Updates.set;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Unhurried.unhurried;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandSucceededEvent;
import dev.pulso.Pulso;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.observe.Observation;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;
import org.bson.BsonBinarySubType;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HalvedCancelIT {
  private static final int MANY = 6_000;
  private static final Optional<String> REASON = Optional.of("detención");
  private static final Duration LONG = Duration.ofSeconds(30);

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  enum Ids {
    GROWING(i -> new ObjectId()),
    FALLING(i -> MANY - i),
    RANDOM_TEXT(i -> UUID.nameUUIDFromBytes(new byte[] {(byte) i, (byte) (i >> 8)}).toString()),
    RANDOM_NUMBERS(new Random(1).doubles(MANY).boxed().toList()::get);

    private final IntFunction<Object> of;

    Ids(IntFunction<Object> of) {
      this.of = of;
    }
  }

  @ParameterizedTest
  @EnumSource
  void halvesHaveSimilarSize(Ids ids) {
    fixture.jobs(jobsWith(ids.of));
    List<Integer> updates = Collections.synchronizedList(new ArrayList<>());
    CommandListener counting =
        new CommandListener() {
          @Override
          public void commandSucceeded(CommandSucceededEvent event) {
            if (event.getCommandName().equals("update")) {
              updates.add(event.getResponse().getInt32("nModified").getValue());
            }
          }
        };
    try (Pulso pulso = fixture.another(counting)) {
      assertThat(cancel(pulso, LONG)).isTrue();
    }
    assertThat(updates).hasSize(3);
    assertThat(updates.subList(0, 2)).allSatisfy(half -> assertThat(half).isGreaterThan(MANY / 3));
    assertThat(updates.stream().mapToInt(n -> n).sum()).isEqualTo(MANY);
    assertThat(waiting()).isZero();
  }

  @Test
  void idsOfOtherTypesAreCancelled() {
    fixture.jobs(
        jobsWith(
            i ->
                switch (i % 6) {
                  case 0 -> new ObjectId();
                  case 1 -> "job-" + i;
                  case 2 -> i;
                  case 3 -> new Document("tenant", "a").append("n", i);
                  case 4 -> new Binary(BsonBinarySubType.USER_DEFINED, ("" + i).getBytes());
                  default -> i == 5 ? Double.NaN : (Object) (double) -i;
                }));
    assertThat(cancel(fixture.pulso(), LONG)).isTrue();
    assertThat(waiting()).isZero();
    assertThat(cancelled()).isEqualTo(MANY);
  }

  @Test
  void onlyWaitingJobsChange() {
    List<Document> waiting = jobs(MANY, "b", "pending");
    waiting.subList(0, MANY / 2).forEach(job -> job.append("status", "scheduled"));
    fixture.jobs(waiting);
    List<Document> others = jobs(1, "other", "pending");
    for (String status : List.of("in_progress", "completed", "done", "failed", "suspended")) {
      others.add(job("b", status));
    }
    fixture.jobs(others);
    assertThat(cancel(fixture.pulso(), LONG)).isTrue();
    assertThat(find(new Document("status", new Document("$ne", "cancelled"))))
        .containsExactlyInAnyOrderElementsOf(others);
    assertThat(find(new Document("status", "cancelled")))
        .hasSize(MANY)
        .allSatisfy(
            job -> {
              assertThat(job.get("updated_at")).isNotNull();
              assertThat(job).containsEntry("cancellation_reason", "detención").hasSize(7);
            });
  }

  @Test
  void missingIndexOnlySlowsCancel() {
    fixture.jobs(jobs(MANY, "b", "pending"));
    fixture.db().jobs().dropIndex(JobIndexes.COUNTERS);
    assertThat(cancel(fixture.pulso(), LONG)).isTrue();
    assertThat(cancelled()).isEqualTo(MANY);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, MANY})
  void indexOfAnotherNameTakesItsPlace(int expected) {
    fixture.jobs(jobs(MANY, "b", "pending"));
    JobIndexes indexes = new JobIndexes(fixture.db());
    assertThat(indexes.countersHint()).isPresent();
    fixture.db().jobs().dropIndex(JobIndexes.COUNTERS);
    fixture.db().jobs().createIndex(JobIndexes.COUNTERS, new IndexOptions().name("renamed"));
    JobCanceller canceller = new JobCanceller(fixture.db(), indexes);
    assertThat(canceller.cancelWaiting("b", REASON, expected, Deadline.in(LONG))).isTrue();
    assertThat(cancelled()).isEqualTo(MANY);
  }

  @Test
  void timeoutKeepsAndReportsProgress() {
    fixture.jobs(jobs(30_000, "b", "pending"));
    Observation observation;
    Duration time = Duration.ofMillis(300);
    boolean isDone;
    do { // How long an update takes is up to the machine.
      unhurried(fixture.db().jobs()).updateMany(new Document(), set("status", "pending"));
      Duration tried = time;
      observation = new Observation();
      isDone = observation.during(() -> cancel(fixture.pulso(), tried));
      time = isDone ? time.dividedBy(2) : time.multipliedBy(2);
    } while (isDone || observation.jobsCancelled() == 0);
    assertThat(waiting()).isPositive();
    assertThat(observation.jobsCancelled()).isLessThanOrEqualTo(cancelled());
    assertThat(cancel(fixture.pulso(), LONG)).isTrue();
    assertThat(cancelled()).isEqualTo(30_000);
  }

  @Test
  void lockedJobOfFewIsNotWaitedFor() {
    fixture.jobs(jobs(10, "b", "pending"));
    try (ClientSession somebody = fixture.db().client().startSession()) {
      somebody.startTransaction();
      fixture.db().jobs().updateOne(somebody, new Document(), set("dialer", 1));
      long start = System.nanoTime();
      assertThat(cancel(fixture.pulso(), LONG)).isFalse();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG.dividedBy(2));
      somebody.abortTransaction();
    }
    assertThat(cancelled()).isPositive();
    assertThat(cancel(fixture.pulso(), LONG)).isTrue();
    assertThat(cancelled()).isEqualTo(10);
  }

  private static List<Document> jobsWith(IntFunction<Object> id) {
    List<Document> jobs = jobs(MANY, "b", "pending");
    for (int i = 0; i < MANY; i++) {
      jobs.get(i).append("_id", id.apply(i));
    }
    return jobs;
  }

  private static boolean cancel(Pulso pulso, Duration time) {
    JobCanceller canceller = new JobCanceller(pulso.db(), new JobIndexes(pulso.db()));
    return canceller.cancelWaiting("b", REASON, MANY, Deadline.in(time));
  }

  private List<Document> find(Document filter) {
    return fixture.db().jobs().find(filter).into(new ArrayList<>());
  }

  private long waiting() {
    return fixture.db().jobs().countDocuments(new Document("status", "pending"));
  }

  private long cancelled() {
    return fixture.db().jobs().countDocuments(new Document("status", "cancelled"));
  }
}

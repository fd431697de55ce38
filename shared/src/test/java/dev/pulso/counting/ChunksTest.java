package dev.pulso.counting;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoExecutionTimeoutException;
import dev.pulso.counting.Chunks.Candidate;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunksTest {
  private static final Duration TIME = Duration.ofSeconds(4);

  /** Nobody knows how large they are: each later run would find the same ones first. */
  @Test
  void uncountedGroupsThatTakeTooLongAreCountedSingly() {
    Chunks chunks = chunks();
    chunks.recount(groups(Optional.empty()), Deadline.in(TIME));
    assertThat(chunks.recounted()).isEqualTo(30);
    assertThat(chunks.uncounted()).isZero();
    assertThat(chunks.countedAsOf()).isEqualTo(Instant.MAX);
  }

  /** Then only it is left for the next run, which gives it all of the time. */
  @Test
  void hugeUncountedGroupKeepsNoOtherUncounted() {
    JobGroup huge = JobGroup.of("b0");
    Chunks chunks =
        new Chunks(
            (groups, deadline) -> {
              if (groups.contains(huge)) {
                takeAllOf(deadline);
              }
              return Set.copyOf(groups);
            },
            () -> {});
    chunks.recount(groups(Optional.empty()), Deadline.in(TIME));
    assertThat(chunks.recounted()).isEqualTo(29);
    assertThat(chunks.uncounted()).isEqualTo(1);
    assertThat(chunks.countedAsOf()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void uncountedGroupHasAllOfTheTimeAndKeepsNoOther() {
    JobGroup huge = JobGroup.of("new");
    List<Long> left = new ArrayList<>();
    Chunks chunks =
        new Chunks(
            (groups, deadline) -> {
              if (groups.contains(huge)) {
                left.add(deadline.remainingMillis());
                takeAllOf(deadline);
              }
              return Set.copyOf(groups);
            },
            () -> {});
    List<Candidate> all = new ArrayList<>(List.of(new Candidate(huge, Optional.empty(), 0)));
    all.addAll(groups(Optional.of(Instant.EPOCH)));
    chunks.recount(all, Deadline.in(TIME));
    assertThat(chunks.recounted()).isEqualTo(30);
    assertThat(left).singleElement().satisfies(ms -> assertThat(ms).isGreaterThan(2_000));
  }

  @Test
  void countedGroupsThatTakeTooLongAreLeft() {
    Chunks chunks = chunks();
    chunks.recount(groups(Optional.of(Instant.EPOCH)), Deadline.in(TIME));
    assertThat(chunks.recounted()).isZero();
  }

  @Test
  void groupCountedBySomebodyElseIsNotUncounted() {
    Chunks chunks = new Chunks((groups, deadline) -> Set.of(), () -> {});
    chunks.recount(groups(Optional.empty()), Deadline.in(TIME));
    assertThat(chunks.uncounted()).isEqualTo(30);
    Instant now = Instant.ofEpochSecond(9);
    chunks.lookAgain(
        groups ->
            groups.stream().map(group -> new Candidate(group, Optional.of(now), 1, true)).toList());
    assertThat(chunks.uncounted()).isZero();
    assertThat(chunks.countedAsOf()).isEqualTo(now);
    assertThat(chunks.areOfDay()).isTrue();
  }

  /** Their keys would be too much for one command. */
  @Test
  void veryManyThatAreLeftOutAreNotLookedAt() {
    Chunks chunks = new Chunks((groups, deadline) -> Set.of(), () -> {});
    for (int i = 0; i < 10_001; i++) {
      chunks.add(new Candidate(JobGroup.of("b" + i), Optional.empty(), 1), Deadline.in(TIME));
    }
    chunks.flush(Deadline.in(TIME));
    chunks.lookAgain(
        groups -> {
          throw new AssertionError("Looked at " + groups.size());
        });
    assertThat(chunks.uncounted()).isEqualTo(10_001);
  }

  /** Together, groups take as long as they may. */
  private static Chunks chunks() {
    return new Chunks(
        (groups, deadline) -> {
          if (groups.size() > 1) {
            takeAllOf(deadline);
          }
          return Set.copyOf(groups);
        },
        () -> {});
  }

  private static void takeAllOf(Deadline deadline) {
    while (!deadline.passed()) {
      LockSupport.parkNanos(1_000_000);
    }
    throw new MongoExecutionTimeoutException(50, "Too late");
  }

  private static List<Candidate> groups(Optional<Instant> takenAt) {
    return IntStream.range(0, 30)
        .mapToObj(i -> new Candidate(JobGroup.of("b" + i), takenAt, 0))
        .toList();
  }
}

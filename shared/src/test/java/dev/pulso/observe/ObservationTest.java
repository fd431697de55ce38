package dev.pulso.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObservationTest {
  private final Observation observation = new Observation();

  @Test
  void notesAreReadableAfterwards() {
    String result =
        observation.during(
            () -> {
              Observation.current().cache(CacheUse.STALE);
              Observation.current().limiterFailed();
              Observation.current().jobsCancelled(3);
              Observation.current().jobsCancelled(4);
              Observation.current().recounted(2, Duration.ofMillis(5));
              Observation.current().databaseCall(Duration.ofMillis(1));
              Observation.current().databaseCall(Duration.ofMillis(2));
              Observation.current().staleness(Duration.ofSeconds(2));
              return "answer";
            });
    assertThat(result).isEqualTo("answer");
    assertThat(observation.cache()).contains(CacheUse.STALE);
    assertThat(observation.limiterFailures()).isEqualTo(1);
    assertThat(observation.jobsCancelled()).isEqualTo(7);
    assertThat(observation.recounts()).isEqualTo(2);
    assertThat(observation.recountTime()).isEqualTo(Duration.ofMillis(5));
    assertThat(observation.databaseCalls()).isEqualTo(2);
    assertThat(observation.databaseTime()).isEqualTo(Duration.ofMillis(3));
    assertThat(observation.staleness()).contains(Duration.ofSeconds(2));
  }

  @Test
  void notesWithoutObservationAreDiscarded() {
    Observation.current().cache(CacheUse.HIT);
    assertThat(Observation.current().cache()).isEmpty();
    assertThat(observation.cache()).isEmpty();
  }

  @Test
  void otherThreadsNeedObservation() throws InterruptedException {
    Runnable stranger = () -> Observation.current().jobsCancelled(1);
    Runnable helper =
        () ->
            observation.during(
                () -> {
                  Observation.current().jobsCancelled(10);
                  return null;
                });
    observation.during(() -> join(stranger));
    observation.during(() -> join(helper));
    assertThat(observation.jobsCancelled()).isEqualTo(10);
  }

  @Test
  void stalenessIsNeverNegative() {
    observation.staleness(Duration.ofMillis(-20));
    assertThat(observation.staleness()).contains(Duration.ZERO);
  }

  @Test
  void newObservationIsEmpty() {
    assertThat(observation.staleness()).isEmpty();
    assertThat(observation.account()).isEmpty();
    observation.account(Optional.of("acc-chile-001"));
    assertThat(observation.account()).contains("acc-chile-001");
  }

  private static Void join(Runnable work) {
    try {
      Thread.ofVirtual().start(work).join();
      return null;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.pulso.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.Leases.Lease;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Copies of one process from one snapshot start with the same driver state. */
@Isolated("other tests insert documents with ids of the driver")
class UniqueIdsIT {
  private static final int COPIES = 20;

  @Test
  void copiesMakeDifferentIds() throws ReflectiveOperationException {
    Set<Object> ids = new HashSet<>();
    Set<Object> ofTheDriver = new HashSet<>();
    for (int copy = 0; copy < COPIES; copy++) {
      ids.add(restored(UniqueIds::next));
      ofTheDriver.add(restored(ObjectId::new));
    }
    assertThat(ids).hasSize(COPIES);
    assertThat(ofTheDriver).as("what a snapshot does to the driver's").hasSizeLessThan(COPIES);
  }

  @Test
  void copiesNeverHoldOneLeaseTogether() throws ReflectiveOperationException {
    try (PulsoFixture fixture = PulsoFixture.openBare()) {
      int held = 0;
      int heldOfMany = 0;
      for (int copy = 0; copy < COPIES; copy++) {
        held += restored(() -> take(fixture)).isPresent() ? 1 : 0;
        heldOfMany +=
            restored(
                    () ->
                        Leases.takeAll(
                            fixture.db().counterSnapshots(), List.of("many"), 60_000L, true))
                .size();
      }
      assertThat(held).isEqualTo(1);
      assertThat(heldOfMany).isEqualTo(1);
    }
  }

  private static Optional<Lease<Document>> take(PulsoFixture fixture) {
    return Leases.take(fixture.db().progress(), "one", 60_000L, true, Duration.ofSeconds(3));
  }

  /** Runs work first after a restore. */
  private static <T> T restored(Supplier<T> work) throws ReflectiveOperationException {
    Field field = ObjectId.class.getDeclaredField("NEXT_COUNTER");
    field.setAccessible(true);
    AtomicInteger counter = (AtomicInteger) field.get(null);
    int unrestored = counter.getAndSet(7);
    try {
      return work.get();
    } finally {
      counter.set(unrestored);
    }
  }
}

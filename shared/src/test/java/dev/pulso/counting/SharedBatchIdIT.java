package dev.pulso.counting;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.batch.Counters;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where no unique index is, several batches have one batch_id, and share its jobs. */
class SharedBatchIdIT {
  private static final List<ObjectId> IDS = List.of(new ObjectId(), new ObjectId(), new ObjectId());

  private final PulsoFixture fixture = PulsoFixture.openBare();
  private final AtomicInteger commands = new AtomicInteger();
  private final CommandListener listener =
      new CommandListener() {
        @Override
        public void commandStarted(CommandStartedEvent event) {
          commands.incrementAndGet();
        }
      };
  private final Pulso pulso = fixture.another(listener);

  @AfterEach
  void close() {
    pulso.close();
    fixture.close();
  }

  @Test
  void eachGetsFiguresAndIsPolledCheaply() {
    fixture.batches(IDS.stream().map(id -> batch("b").append("_id", id)).toArray(Document[]::new));
    fixture.batches(batch("b").append("batch_id", List.of("b")).append("total_jobs", 77));
    fixture.pulso().makeIndexes();
    fixture.jobs(jobs(3, "b", "pending"));
    fixture.jobs(jobs(2, "b", "done"));
    Eventually.isTrue(
        Duration.ofSeconds(20),
        () -> {
          assertThat(poll(IDS.getFirst()).total()).isEqualTo(5);
          return fixture.preventRecounts() == IDS.size();
        });
    commands.set(0);
    for (ObjectId id : IDS) {
      assertThat(poll(id)).extracting("total", "pending", "completed").containsExactly(5L, 3L, 2L);
    }
    assertThat(commands).hasValue(IDS.size());
    assertThat(fixture.db().batches().find(new Document("total_jobs", 77)).first())
        .doesNotContainKey("pulso");
  }

  private Counters poll(ObjectId id) {
    return PulsoFixture.poll(pulso, id.toHexString()).counters();
  }
}

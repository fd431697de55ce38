package dev.pulso.bench.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import dev.pulso.bench.lab.Loader;
import dev.pulso.bench.push.Told.Counters;
import dev.pulso.local.database.MongoServer;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Counters of a batch whose jobs go round tell what they include. */
class LoopBatchIT {
  private static final int JOBS = 104;
  private static final int LOOPING = 4;

  private final MongoClient client = MongoClients.create(MongoServer.forTests().uri());
  private final MongoDatabase database =
      client.getDatabase("loop_" + UUID.randomUUID().toString().replace("-", ""));
  private LoopBatch batch;

  @BeforeEach
  void upload() {
    batch = new LoopBatch(database, new Loader(database), "busy-1", JOBS);
  }

  @AfterEach
  void drop() {
    database.drop();
    client.close();
  }

  @Test
  void countersTellTheLastChange() {
    for (int change = 0; change < 7 * LOOPING; change++) {
      assertThat(included(Math.max(0, change - 2 * LOOPING))).isEqualTo(change);
      batch.change();
    }
  }

  @Test
  void aChangeAgesFromItsEnd() {
    assertThat(batch.age(1, System.nanoTime())).isZero();
    batch.change();
    long now = System.nanoTime();
    assertThat(batch.age(1, now + 1_000)).isPositive();
    assertThat(batch.age(2, now + 1_000)).isZero();
  }

  @Test
  void impossibleCountersAreRefused() {
    batch.change();
    batch.change();
    assertThatThrownBy(() -> batch.included(2, new Counters(103, 1, 0)))
        .hasMessageContaining("older counters");
    assertThatThrownBy(() -> batch.included(0, new Counters(103, 2, 0)))
        .hasMessageContaining("add up");
    assertThatThrownBy(() -> batch.included(0, new Counters(102, 1, 1)))
        .hasMessageContaining("several moments");
  }

  private long included(long known) {
    return batch.included(known, new Counters(count("pending"), count("done"), count("failed")));
  }

  private long count(String status) {
    return database.getCollection("jobs").countDocuments(Filters.eq("status", status));
  }
}

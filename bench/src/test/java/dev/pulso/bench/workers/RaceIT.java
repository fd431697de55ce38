package dev.pulso.bench.workers;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.pulso.bench.workers.Finish.Standings;
import dev.pulso.local.database.MongoServer;
import org.junit.jupiter.api.Test;

/** A short race; {@code bench/workers} runs a long one. */
class RaceIT {
  @Test
  void noJobIsLostOrClaimedAfterCancel() {
    try (MongoClient client = MongoClients.create(MongoServer.forTests().uri())) {
      Standings end =
          new Race(
                  MongoServer.forTests().uri(),
                  client.getDatabase(Race.databaseName()),
                  8,
                  20251015)
              .run(2);
      client.getDatabase(Race.databaseName()).drop();
      assertThat(end.breaches()).isEmpty();
      assertThat(end.cancels()).isPositive();
      assertThat(end.claims()).isPositive();
    }
  }
}

package dev.pulso.bench.workers;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.pulso.local.database.MongoServer;
import org.junit.jupiter.api.Test;

/** A short race; {@code bench/workers} runs a long one. */
class RaceIT {
  @Test
  void noJobIsLostOrClaimedAfterCancel() {
    try (MongoClient client = MongoClients.create(MongoServer.forTests().uri())) {
      Race race =
          new Race(MongoServer.forTests().uri(), client.getDatabase(Race.DATABASE), 8, 20251015);
      assertThat(race.run(2)).isEmpty();
      assertThat(race.cancelled()).isPositive();
      assertThat(race.claims()).isPositive();
      client.getDatabase(Race.DATABASE).drop();
    }
  }
}

package dev.pulso.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoCommandException;
import dev.pulso.fixture.PulsoFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The settings refuse exactly the characters that the server refuses. */
class DatabaseNamesIT {
  @Test
  void serverRefusesSameCharacters() {
    List<Integer> refusedByServer = new ArrayList<>();
    List<Integer> refused = new ArrayList<>();
    try (PulsoFixture fixture = PulsoFixture.openBare()) {
      for (int c = 1; c < 127; c++) {
        String name = "a" + (char) c + "b";
        String collection = fixture.settingsForAnotherProcess().batches();
        if (isRefused(
            () ->
                fixture.db().client().getDatabase(name).getCollection(collection).find().first())) {
          refusedByServer.add(c);
        }
        if (isRefused(() -> Settings.from(Map.of("MONGODB_DATABASE", name)))) {
          refused.add(c);
        }
        if (isRefused(() -> fixture.db().database().getCollection(name).find().first())) {
          refusedByServer.add(-c);
        }
        if (isRefused(() -> Settings.from(Map.of("BATCHES_COLLECTION", name)))) {
          refused.add(-c);
        }
      }
    }
    assertThat(refused).isEqualTo(refusedByServer).isNotEmpty();
  }

  private static boolean isRefused(Runnable use) {
    try {
      use.run();
      return false;
    } catch (InvalidSettingException | IllegalArgumentException | MongoCommandException e) {
      return true;
    }
  }
}

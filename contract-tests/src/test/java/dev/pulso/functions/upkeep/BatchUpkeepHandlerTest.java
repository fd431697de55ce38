package dev.pulso.functions.upkeep;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchUpkeepHandlerTest {
  @Test
  void failureNamesNeitherHostNorCause() {
    Settings nowhere = Settings.from(Map.of("MONGODB_URI", "mongodb://user:secret@127.0.0.1:1/"));
    try (Pulso pulso = Pulso.open(Pulso.Options.of(nowhere))) {
      BatchUpkeepHandler handler = new BatchUpkeepHandler(pulso);
      assertThatThrownBy(() -> handler.handleRequest(Map.of(), null))
          .isInstanceOf(UpkeepFailedException.class)
          .hasNoCause()
          .hasMessageNotContainingAny("127.0.0.1", "secret");
    }
  }
}

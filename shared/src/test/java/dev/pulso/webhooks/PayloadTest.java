package dev.pulso.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.bson.Document;
import org.junit.jupiter.api.Test;

class PayloadTest {
  @Test
  void figuresAreWrittenAsInAnswers() {
    Document event =
        new Document("total_jobs", 3L)
            .append("total_cost", 0.0005)
            .append("total_minutes", 1e7)
            .append("progress_percentage", 100.0);
    assertThat(Payload.of("batch.progress", Instant.EPOCH, event))
        .endsWith(
            "\"total_cost\":0.0005,\"total_minutes\":10000000.0,"
                + "\"progress_percentage\":100.0}}");
  }
}

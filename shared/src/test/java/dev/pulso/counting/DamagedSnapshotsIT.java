package dev.pulso.counting;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;

class DamagedSnapshotsIT {
  @Test
  void refreshesCountBesideDamagedSnapshots() {
    try (PulsoFixture fixture = PulsoFixture.open()) {
      for (Object id :
          List.of("junk", new Document("batch_id", 5), new Document("batch_id", List.of("x")))) {
        fixture
            .db()
            .counterSnapshots()
            .insertOne(
                new Document("_id", id)
                    .append("taken_at", new Date(0))
                    .append("open_seq", Long.MAX_VALUE));
      }
      fixture.batches(batch("b1"));
      fixture.jobs(jobs(3, "b1", "pending"));
      JobIndexes indexes = new JobIndexes(fixture.db());
      Recounter recounter = new Recounter(fixture.db(), ZoneOffset.UTC, indexes);
      Refresh refresh = new Refresh(fixture.db(), indexes, recounter, ZoneOffset.UTC);
      assertThat(refresh.run(Deadline.in(Duration.ofMinutes(1)))).isPresent();
      assertThat(
              fixture
                  .db()
                  .progress()
                  .find(new Document("_id", RefreshProgress.ID))
                  .first()
                  .toJson())
          .contains("\"pending\": 3");
    }
  }
}

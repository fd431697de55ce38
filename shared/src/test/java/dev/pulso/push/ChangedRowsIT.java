package dev.pulso.push;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.set;
import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.batch.Batches;
import dev.pulso.counting.CounterSnapshot;
import dev.pulso.counting.JobGroup;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.fixture.Recounts;
import dev.pulso.mongo.Db;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangedRowsIT {
  private static final String BATCH = "batch-1";

  private final PulsoFixture fixture = PulsoFixture.open();
  private final Db db = fixture.pulso().db();
  private final Instant since = db.now();
  private final ChangedRows rows = new ChangedRows(db, new Batches(db), since);

  @BeforeEach
  void upload() {
    fixture.batches(batch(BATCH));
    fixture.jobs(jobs(3, BATCH, "pending"));
    rows.readCounted(since);
    assertThat(rows.last()).isZero();
    new Recounts(db).recountAll(Set.of(JobGroup.of(BATCH)));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aRecountedRowIsNew() {
    rows.readCounted(db.now());
    assertThat(rows.after(0)).singleElement().matches(row -> row.json().contains(BATCH));
    long last = rows.last();
    rows.readCounted(db.now());
    assertThat(rows.after(last)).isEmpty();
  }

  @Test
  void aRecountThatTookLongIsNewOnceStored() {
    asIfTaken(since.minusSeconds(40));
    rows.readCounted(db.now());
    assertThat(rows.after(0)).hasSize(1);
  }

  private void asIfTaken(Instant at) {
    db.counterSnapshots()
        .updateOne(
            eq("_id", JobGroup.of(BATCH).key()), set(CounterSnapshot.TAKEN_AT, Date.from(at)));
  }
}

package dev.pulso.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.mongo.LostLeaseException;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class CountingLeaseIT {
  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();
  private final RefreshProgress.Store store =
      new RefreshProgress.Store(fixture.db(), ZoneOffset.UTC);

  @Test
  void leaseOfADeadProcessRunsOutWithinAMinute() {
    Lease<RefreshProgress> dead = RecounterWorld.leased(store);
    assertThat(store.lease()).isEmpty();
    assertThat(until()).isBefore(Date.from(dead.takenAt().plus(Duration.ofSeconds(60))));
    store.renew(dead);
    assertThat(until()).isBefore(Date.from(fixture.db().now().plus(Duration.ofSeconds(60))));
    fixture
        .db()
        .progress()
        .updateOne(
            new Document("_id", "counting"), Document.parse("{$set: {lease_until: {$date: 0}}}"));
    RecounterWorld.leased(store);
    assertThatThrownBy(() -> store.renew(dead)).isInstanceOf(LostLeaseException.class);
  }

  @Test
  void failedRefreshReleasesLease() {
    store.release(RecounterWorld.leased(store), new IllegalStateException());
    Document damaged = new Document("$set", new Document("redo", List.of("text")));
    fixture.db().progress().updateOne(new Document("_id", "counting"), damaged);
    JobIndexes indexes = new JobIndexes(fixture.db());
    Recounter recounter = new Recounter(fixture.db(), ZoneOffset.UTC, indexes);
    Refresh refresh = new Refresh(fixture.db(), indexes, recounter, ZoneOffset.UTC);
    assertThatThrownBy(() -> refresh.run(Deadline.in(Duration.ofMinutes(1))))
        .isInstanceOf(ClassCastException.class);
    assertThat(until()).isNull();
  }

  private Date until() {
    return fixture
        .db()
        .progress()
        .find(new Document("_id", "counting"))
        .first()
        .getDate("lease_until");
  }
}

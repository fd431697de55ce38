package dev.pulso.catchup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.PulsoFixture;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Date;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class CountingLeaseIT {
  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();
  private final ProgressStore store = new ProgressStore(fixture.db(), ZoneOffset.UTC);

  @Test
  void leaseOfADeadProcessRunsOutWithinAMinute() {
    ProgressStore.Lease dead = store.lease().orElseThrow();
    assertThat(store.lease()).isEmpty();
    assertThat(until()).isBefore(Date.from(dead.takenAt().plus(Duration.ofSeconds(60))));
    store.renew(dead);
    assertThat(until()).isBefore(Date.from(fixture.db().now().plus(Duration.ofSeconds(60))));
    fixture
        .db()
        .progress()
        .updateOne(
            new Document("_id", "counting"), Document.parse("{$set: {lease_until: {$date: 0}}}"));
    assertThat(store.lease()).isPresent();
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> store.renew(dead))
        .isInstanceOf(LostLeaseException.class);
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

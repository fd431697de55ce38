package dev.pulso.property;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.MongoException;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.cancel.CancelOutcome;
import dev.pulso.cancel.PauseOutcome;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.local.database.Cluster;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Answers while one or two of three members lag, with a connection string that asks for weaker
 * guarantees.
 */
@Order(1)
class LaggingMembersIT {
  private static final Origin ORIGIN = Origin.NONE;
  private static final BatchAddress B = new BatchAddress("b");

  private static Cluster members;
  private static PulsoFixture fixture;

  @BeforeAll
  static void open() {
    assumeTrue(Cluster.obstacle().isEmpty(), () -> Cluster.obstacle().orElseThrow());
    members = Cluster.lagging();
    fixture = PulsoFixture.open(Map.of("MONGODB_URI", members.uri(ThreeMembersIT.WEAK)));
  }

  @AfterAll
  static void close() {
    if (members != null) {
      fixture.close();
      members.close();
    }
  }

  @AfterEach
  void letGo() {
    members.letGo();
  }

  @Test
  void nextRequestSeesCancel() {
    members.holdSecondaries(1);
    upload("b");
    assertThat(cancel("basta")).isEqualTo(new CancelOutcome.Cancelled(Optional.of("basta")));
    assertThat(waiting()).isZero();
    var status = fixture.poll("b");
    assertThat(status.batch().isActive()).isFalse();
    assertThat(status.counters().pending()).isZero();
    assertThat(cancel("late").reason()).contains("basta");
    assertThat(fixture.resume("b")).isEqualTo(PauseOutcome.CANCELLED);
  }

  @Test
  void cancelCannotRollBack() {
    upload("b");
    members.holdSecondaries(2);
    assertThatThrownBy(() -> cancel("basta")).isInstanceOf(MongoException.class);
    // The primary alone has the marker: whoever finds it there may not say so either.
    assertThat(fixture.stored("b")).containsKey("cancelled_at");
    assertThatThrownBy(() -> cancel("late")).isInstanceOf(MongoException.class);
    members.letGo();
    assertThat(cancel("late").reason()).contains("basta");
    assertThat(waiting()).isZero();
    assertThat(fixture.db().auditLog().countDocuments()).isEqualTo(1);
  }

  @Test
  void pauseCannotRollBack() {
    upload("b");
    members.holdSecondaries(2);
    assertThatThrownBy(() -> fixture.pause("b")).isInstanceOf(MongoException.class);
    assertThatThrownBy(() -> fixture.pause("b")).isInstanceOf(MongoException.class);
    members.letGo();
    assertThat(fixture.pause("b")).isEqualTo(PauseOutcome.DONE);
    assertThat(fixture.db().auditLog().countDocuments()).isEqualTo(1);
  }

  private static void upload(String id) {
    fixture.db().batches().deleteMany(new Document());
    fixture.db().jobs().deleteMany(new Document());
    fixture.db().auditLog().deleteMany(new Document());
    fixture.db().counterSnapshots().deleteMany(new Document());
    fixture.batches(batch(id));
    fixture.jobs(jobs(10, id, "pending"));
  }

  private static CancelOutcome cancel(String reason) {
    return fixture.cancel("b", reason);
  }

  private static long waiting() {
    return fixture.db().jobs().countDocuments(new Document("status", "pending"));
  }
}

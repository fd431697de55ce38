package dev.pulso.property;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.MongoException;
import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.cancel.CancelOutcome;
import dev.pulso.cancel.PauseOutcome;
import dev.pulso.cancel.PauseService;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.local.database.ThreeMembers;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.bson.Document;

/**
 * Three members, of which secondaries lag, and a connection string that would weaken every promise
 * if it were believed.
 */
class ThreeMembersIT {
  private static final String WEAK =
      "&w=1&journal=false&readPreference=secondaryPreferred&readConcernLevel=available"
          + "&retryWrites=false";

  private static final Origin ORIGIN = Origin.NONE;
  private static final BatchAddress B = new BatchAddress("b");

  private static Optional<ThreeMembers> members;
  private static PulsoFixture fixture;
  private static int checked;

  @BeforeContainer
  static void open() {
    members = ThreeMembers.start();
    members.ifPresent(set -> fixture = PulsoFixture.open(Map.of("MONGODB_URI", set.uri(WEAK))));
  }

  @AfterContainer
  static void close() {
    members.ifPresent(
        set -> {
          fixture.close();
          set.close();
          assertThat(checked).as("batches held against the truth").isPositive();
        });
  }

  @BeforeProperty
  void needsThem() {
    assumeTrue(members.isPresent(), "no mongod on this machine");
  }

  @AfterProperty
  void letGo() {
    members.ifPresent(ThreeMembers::letGo);
  }

  @Provide
  Arbitrary<Story> stories() {
    return Stories.any(8);
  }

  @Property(edgeCases = EdgeCasesMode.NONE, tries = 20)
  void everyStoryEndsWell(@ForAll("stories") Story story) {
    members.orElseThrow().holdSecondaries(1);
    checked += story.happenIn(fixture);
  }

  @Example
  void cancelIsSeenByWhoeverAsksNext() {
    members.orElseThrow().holdSecondaries(1);
    upload("b");
    assertThat(cancel("basta")).isEqualTo(new CancelOutcome.Cancelled(Optional.of("basta")));
    assertThat(waiting()).isZero();
    var status = fixture.pulso().services().status().status(Accounts.ALL, B, soon());
    assertThat(status.isActive()).isFalse();
    assertThat(status.counters().pending()).isZero();
    assertThat(cancel("late").reason()).contains("basta");
    assertThat(fixture.pulso().services().pause().resume(Caller.ANONYMOUS, B, ORIGIN))
        .isEqualTo(PauseOutcome.CANCELLED);
  }

  @Example
  void nothingIsAnsweredThatCanRollBack() {
    upload("b");
    members.orElseThrow().holdSecondaries(2);
    assertThatThrownBy(() -> cancel("basta")).isInstanceOf(MongoException.class);
    // The primary alone has the fence: whoever finds it there may not say so either.
    assertThat(stored()).containsKey("cancelled_at");
    assertThatThrownBy(() -> cancel("late")).isInstanceOf(MongoException.class);
    members.orElseThrow().letGo();
    assertThat(cancel("late").reason()).contains("basta");
    assertThat(waiting()).isZero();
    assertThat(fixture.db().auditLog().countDocuments()).isEqualTo(1);
  }

  @Example
  void pauseIsNotAnsweredThatCanRollBack() {
    upload("b");
    PauseService pauses = fixture.pulso().services().pause();
    members.orElseThrow().holdSecondaries(2);
    assertThatThrownBy(() -> pauses.pause(Caller.ANONYMOUS, B, ORIGIN))
        .isInstanceOf(MongoException.class);
    assertThatThrownBy(() -> pauses.pause(Caller.ANONYMOUS, B, ORIGIN))
        .isInstanceOf(MongoException.class);
    members.orElseThrow().letGo();
    assertThat(pauses.pause(Caller.ANONYMOUS, B, ORIGIN)).isEqualTo(PauseOutcome.DONE);
    assertThat(fixture.db().auditLog().countDocuments()).isEqualTo(1);
  }

  private static void upload(String id) {
    fixture.db().batches().deleteMany(new Document());
    fixture.db().jobs().deleteMany(new Document());
    fixture.db().auditLog().deleteMany(new Document());
    fixture.db().tallies().deleteMany(new Document());
    fixture.batches(batch(id));
    fixture.jobs(jobs(10, id, "pending"));
  }

  private static CancelOutcome cancel(String reason) {
    return fixture
        .pulso()
        .services()
        .cancel()
        .cancel(Caller.ANONYMOUS, B, Optional.of(reason), ORIGIN, soon());
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  private static Document stored() {
    return fixture.db().batches().find(new Document("batch_id", "b")).first();
  }

  private static long waiting() {
    return fixture.db().jobs().countDocuments(new Document("status", "pending"));
  }
}

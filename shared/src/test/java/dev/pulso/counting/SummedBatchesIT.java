package dev.pulso.counting;

import static dev.pulso.fixture.Builders.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.ExplainVerbosity;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.fixture.Eventually;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.mongo.LostLeaseException;
import dev.pulso.overview.Overview;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Which batches the sums of overviews hold, and which are read for a refresh. */
class SummedBatchesIT extends ActiveSumsWorld {
  @Test
  void oddValuesAddUpAsTheyAreRead() {
    List<Object> values = Arrays.asList(null, -1, 2.5, 0.1, "3", Double.NaN, 1e300, List.of(4));
    for (Object value : values) {
      fixture.batches(
          batch("odd" + made++)
              .append("account_id", List.of("acc-0"))
              .append("total_jobs", value)
              .append("total_cost", value)
              .append("total_minutes", value));
      insert();
      set("b" + (made - 1), new Document("is_active", true).append("pulso.figures", value));
    }
    refresh(fixture.pulso());
    Overview.Batches summed = overview(View.ALL).batches();
    fixture.db().progress().updateOne(COUNTING, Document.parse("{$unset: {active: 1}}"));
    assertThat(overview(View.ALL).batches()).isEqualTo(summed);
    assertThat(summed.cost()).isEqualByComparingTo("2.6");
  }

  @Test
  void sumsOfManyDigitsAreStored() {
    set("b0", new Document("is_active", true).append("total_cost", 1.005));
    set("b1", new Document("is_active", true).append("total_cost", 0));
    refresh(fixture.pulso());
    set("b1", new Document("total_cost", 1e-300));
    refresh(fixture.pulso());
    fixture.pause("b1");
    assertThat(sums()).isNotEmpty();
    assertThat(overview(View.ALL).batches().cost()).isEqualByComparingTo("1.01");
  }

  /** A document that another program wrote back whole has an old note. */
  @Test
  void deletionsDoNotDelayLookAtAll() {
    for (int i = 0; i < 3; i++) {
      insert();
      set("b" + (made - 1), new Document("is_active", true).append("pulso.figures.total", 7L));
    }
    refresh(fixture.pulso());
    set("b" + (made - 1), new Document("pulso.summed.held.jobs", 1_000L));
    for (int i = 2; i <= 3; i++) {
      letSixMinutesPass();
      fixture.db().batches().deleteOne(new Document("batch_id", "b" + (made - i)));
      refresh(fixture.pulso());
    }
    long summed = overview(View.ALL).batches().totalJobs();
    fixture.db().progress().updateOne(COUNTING, Document.parse("{$unset: {active: 1}}"));
    assertThat(summed).isEqualTo(overview(View.ALL).batches().totalJobs());
  }

  private void letSixMinutesPass() {
    Document back = Document.parse("{$subtract: ['$active.summed_at', 360000]}");
    Document set = new Document("$set", new Document("active.summed_at", back));
    fixture.db().progress().updateOne(COUNTING, List.of(set));
  }

  @Test
  void refreshWithoutLeaseWritesNoNotes() {
    Lease<RefreshProgress> overtaken = lease();
    overtake();
    Overview.Batches before = overview(View.ALL).batches();
    assertThatThrownBy(() -> store(fixture.pulso(), overtaken))
        .isInstanceOf(LostLeaseException.class);
    assertThat(overview(View.ALL).batches()).isEqualTo(before);
  }

  /** Its process stops right before it writes the notes. */
  @Test
  void refreshWhoseLeaseRanOutWritesNoNotes() {
    Lease<RefreshProgress> overtaken = lease();
    Instant until = fixture.db().now().plusMillis(300);
    Document soon = new Document("$set", new Document("lease_until", Date.from(until)));
    fixture.db().progress().updateOne(COUNTING, soon);
    List<Overview.Batches> before = new ArrayList<>();
    CommandListener stop =
        new CommandListener() {
          @Override
          public void commandStarted(CommandStartedEvent event) {
            if (event.getCommandName().equals("update") && before.isEmpty()) {
              Eventually.isTrue(LONG, () -> fixture.db().now().isAfter(until));
              overtake();
              before.add(overview(View.ALL).batches());
            }
          }
        };
    try (Pulso pulso = fixture.another(stop)) {
      assertThatThrownBy(() -> store(pulso, overtaken)).isInstanceOf(LostLeaseException.class);
    }
    assertThat(before).containsExactly(overview(View.ALL).batches());
  }

  /** A validator does not accept it, or it is too large. */
  @Test
  void refusedBatchLeavesNoSums() {
    set("b0", new Document("is_active", true).append("total_jobs", 1_000));
    Document others = new Document("batch_id", new Document("$ne", "b0"));
    Document validator = new Document("collMod", "batches").append("validator", others);
    fixture.db().database().runCommand(validator);
    writeSnapshot("b0", Long.MAX_VALUE);
    Document before = sums();
    refresh(fixture.pulso());
    assertThat(before).isNotEmpty();
    assertThat(sums()).isEmpty();
    assertThat(overview(View.ALL).batches().totalJobs()).isGreaterThanOrEqualTo(1_000);
  }

  private Lease<RefreshProgress> lease() {
    set("b0", new Document("is_active", true));
    refresh(fixture.pulso());
    return RecounterWorld.leased(new RefreshProgress.Store(fixture.db(), ZoneOffset.UTC));
  }

  /** Another refresh stores its sums, and then a batch is paused. */
  private void overtake() {
    fixture.db().progress().updateOne(COUNTING, Document.parse("{$unset: {lease_until: 1}}"));
    refresh(fixture.pulso());
    fixture.pause("b0");
  }

  private static void store(Pulso pulso, Lease<RefreshProgress> lease) {
    new ActiveSums(pulso.db(), FEW).store(lease, Deadline.in(LONG));
  }

  @Test
  void readsNoBatchThatStays() {
    for (int i = 0; i < 100; i++) {
      insert();
      set("b" + (made - 1), new Document("pulso.figures.total", 7L));
    }
    refresh(fixture.pulso());
    writeSnapshot("b" + (made - 1), Long.MAX_VALUE);
    Document sums = sums();
    Document plan =
        fixture
            .db()
            .batches()
            .find(new SumChanges(fixture.db()).since(sums.getLong("folded"), sums.getLong("seq")))
            .explain(ExplainVerbosity.EXECUTION_STATS);
    long read = plan.get("executionStats", Document.class).getInteger("totalDocsExamined");
    // The uncounted ones, and the one that was recounted.
    assertThat(read).isBetween(1L, 11L);
  }
}

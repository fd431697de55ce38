package dev.pulso.overview;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.config.Settings;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.fixture.Unhurried;
import dev.pulso.mongo.LiveDb;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Today begins at midnight in the zone of each process. */
class TodayIT {
  private static final Duration LONG = Duration.ofSeconds(25);
  private static final BsonString NONE = new BsonString("none");
  private static final BsonString JOBS = new BsonString("jobs");

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  @Test
  void deletedJobsLeaveTodayOfEveryZone() {
    try (Pulso one = inZone("UTC");
        Pulso other = inZone(offset(1).getId())) {
      fixture.batches(batch("b"));
      Date now = Date.from(fixture.db().now());
      fixture.jobs(List.of(job("b", "pending").append("created_at", now)));
      for (Pulso pulso : List.of(one, other)) {
        pulso.runUpkeep(LONG);
        assertThat(today(pulso)).isEqualTo(1);
      }
      fixture.db().jobs().deleteMany(new Document("batch_id", "b"));
      fixture.db().batches().deleteMany(new Document("batch_id", "b"));
      for (Pulso pulso : List.of(one, other, one, other)) {
        pulso.runUpkeep(LONG);
      }
      assertThat(today(one)).isZero();
      assertThat(today(other)).isZero();
    }
  }

  @Test
  void eachZoneHasItsOwnToday() {
    Instant now = fixture.db().now();
    int hour = now.atOffset(ZoneOffset.UTC).getHour();
    // In one zone the day began an hour ago, in the other it ends in an hour.
    ZoneOffset young = offset(1 - hour);
    ZoneOffset old = offset(22 - hour);
    try (Pulso morning = inZone(young.getId());
        Pulso evening = inZone(old.getId())) {
      fixture.batches(batch("b"));
      Date before = Date.from(now.minus(Duration.ofHours(3)));
      fixture.jobs(
          List.of(
              job("b", "pending").append("created_at", before),
              job("b", "pending").append("created_at", before),
              job("b", "pending").append("created_at", Date.from(now))));
      assertThat(today(morning)).isEqualTo(1);
      assertThat(today(evening)).isEqualTo(3);
      PulsoFixture.poll(morning, "b");
      evening.runUpkeep(LONG);
      fixture.preventRefreshes();
      assertThat(today(morning)).isEqualTo(1);
      assertThat(today(evening)).isEqualTo(3);
      PulsoFixture.cancel(evening, "b", null);
      assertThat(today(morning)).isEqualTo(1);
      morning.runUpkeep(LONG);
      fixture.preventRefreshes();
      assertThat(today(evening)).isEqualTo(3);
      assertThat(today(morning)).isEqualTo(1);
    }
  }

  @Test
  void newDayIsCorrectAtOnce() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(3, "b", "pending"));
    Date now = Date.from(fixture.db().now());
    fixture.jobs(List.of(job("b", "pending").append("created_at", now)));
    Eventually.isTrue(Duration.ofMinutes(2), this::hasSeenNewDay);
  }

  /** Returns false if upkeep was too slow to count before midnight. */
  private boolean hasSeenNewDay() {
    Instant midnight = fixture.db().now().plusSeconds(4);
    int ahead = -midnight.atOffset(ZoneOffset.UTC).toLocalTime().toSecondOfDay();
    ZoneOffset zone = ZoneOffset.ofTotalSeconds(ahead < -12 * 3600 ? ahead + 24 * 3600 : ahead);
    Instant begins = midnight.minusNanos(midnight.getNano());
    try (Pulso pulso = inZone(zone.getId())) {
      pulso.runUpkeep(LONG);
      Date yesterday = Date.from(begins.minus(Duration.ofDays(1)));
      Document ofZone =
          new Document("complete", true).append("looks." + zone.getId() + ".day", yesterday);
      if (fixture.db().progress().countDocuments(ofZone) == 0) {
        return false;
      }
      fixture.preventRefreshes();
      fixture.jobs(
          List.of(
              job("b", "done").append("created_at", Date.from(begins.plusSeconds(1))),
              job(null, "done").append("created_at", Date.from(begins.plusSeconds(1)))));
      long today = today(pulso);
      while (fixture.db().now().isBefore(begins)) {
        assertThat(today).isEqualTo(1);
        today = fixture.db().now().isBefore(begins.minusMillis(500)) ? today(pulso) : 1;
      }
      assertThat(today(pulso)).isEqualTo(2);
      pulso.runUpkeep(LONG);
      fixture.preventRefreshes();
      assertThat(today(pulso)).isEqualTo(2);
      return true;
    }
  }

  @Test
  void newDayShowsAccountItsOwnJobsOnly() {
    Date now = Date.from(fixture.db().now());
    fixture.batches(batch("b"));
    for (Object account : List.of("acc-a", List.of("acc-a"), "acc-b")) {
      fixture.jobs(
          List.of(job("b", "pending").append("created_at", now).append("account_id", account)));
    }
    countAndBeginDay();
    assertThat(today(fixture.pulso())).isEqualTo(3);
    View ofOne = View.of(Caller.ANONYMOUS, Optional.of("acc-a"));
    assertThat(today(fixture.pulso(), ofOne)).isEqualTo(1);
  }

  /** An array as batch_id makes the index multikey: then each group is sought by itself. */
  @Test
  void newDayCountsJobOfTwoBatchesOnce() {
    Date now = Date.from(fixture.db().now());
    fixture.jobs(jobs(3, "old", "pending"));
    for (Object batchId : List.of("b", List.of("b", "c"), "c")) {
      fixture.jobs(
          List.of(job("b", "pending").append("created_at", now).append("batch_id", batchId)));
    }
    countAndBeginDay();
    assertThat(today(fixture.pulso())).isEqualTo(3);
  }

  @Test
  void readsOfNewDayShareTheTime() {
    fixture.jobs(jobs(1, "b", "pending"));
    countAndBeginDay();
    Duration rest = Duration.ofMinutes(5);
    Deadline deadline = Deadline.in(rest.plusSeconds(1));
    Deadline held = deadline.earlierBy(rest);
    List<Long> limits = new CopyOnWriteArrayList<>();
    CommandListener slow =
        new CommandListener() {
          @Override
          public void commandStarted(CommandStartedEvent event) {
            while (event.getCommandName().equals("explain") && !held.passed()) {
              LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
            BsonDocument command = event.getCommand();
            if (held.passed() && command.get("aggregate", NONE).equals(JOBS)) {
              limits.add(command.getNumber("maxTimeMS").longValue());
            }
          }
        };
    try (Pulso pulso = fixture.another(slow)) {
      pulso.services().overview().overview(View.ALL, deadline);
    }
    assertThat(limits).hasSize(3).allMatch(limit -> limit <= rest.toMillis());
  }

  /** On a busy installation somebody always has. */
  @Test
  void dayBeginsThoughPollHasJustCounted() {
    fixture.batches(batch("b"));
    Date now = Date.from(fixture.db().now());
    fixture.jobs(List.of(job("b", "pending").append("updated_at", now).append("created_at", now)));
    countAndBeginDay();
    fixture
        .db()
        .counterSnapshots()
        .updateMany(
            new Document("_id.batch_id", "b"),
            new Document("$set", new Document("count_cost_ms", 60_000)));
    fixture.pulso().runUpkeep(LONG);
    Document progress = fixture.db().progress().find(new Document("_id", "counting")).first();
    assertThat(progress.getEmbedded(List.of("looks", "UTC"), Document.class))
        .doesNotContainEntry("day", Date.from(Instant.EPOCH))
        .doesNotContainEntry("compared_at", Date.from(Instant.EPOCH));
  }

  /** All is counted, but no refresh has counted the jobs of this day yet. */
  private void countAndBeginDay() {
    Document complete = new Document("complete", true);
    fixture.upkeepUntil(() -> fixture.db().progress().countDocuments(complete) == 1);
    fixture.preventRefreshes();
    for (String field : List.of("looks.UTC.day", "looks.UTC.compared_at")) {
      Document epoch = new Document(field, Date.from(Instant.EPOCH));
      fixture.db().progress().updateOne(complete, new Document("$set", epoch));
    }
  }

  private static long today(Pulso pulso) {
    return today(pulso, View.ALL);
  }

  private static long today(Pulso pulso, View view) {
    return pulso.services().overview().overview(view, soon()).jobs().today();
  }

  private static ZoneOffset offset(int hours) {
    return ZoneOffset.ofHours(hours < -12 ? hours + 24 : hours > 12 ? hours - 24 : hours);
  }

  private Pulso inZone(String zone) {
    Settings shared = fixture.settingsForAnotherProcess();
    Map<String, String> environment =
        new HashMap<>(Map.of("ALLOW_ANONYMOUS", "true", "DASHBOARD_TIMEZONE", zone));
    environment.put("MONGODB_URI", shared.mongoUri().orElseThrow());
    environment.put("MONGODB_DATABASE", shared.database());
    Settings settings = Settings.from(environment);
    LiveDb database = LiveDb.of(settings, Unhurried::unhurried);
    return Pulso.open(Pulso.Options.of(settings).withDatabase(database));
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }
}

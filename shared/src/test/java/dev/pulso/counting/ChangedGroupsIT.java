package dev.pulso.counting;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.time.Deadline;
import dev.pulso.time.Midnight;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which groups a refresh finds, a while after all were counted. */
class ChangedGroupsIT {
  private static final int GROUPS = 20;
  private static final Duration LONG = Duration.ofSeconds(20);

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();
  private Instant now;

  @BeforeEach
  void count() {
    now = fixture.db().now();
    for (int i = 0; i < GROUPS; i++) {
      fixture.batches(batch("b" + i));
      insert("b" + i, Duration.ofDays(2));
    }
    insert(null, Duration.ofDays(2));
    fixture.pulso().runUpkeep(LONG);
    countedAt(now.minus(Duration.ofMinutes(30)));
  }

  @Test
  void findsNothingWhereNothingChanged() {
    assertThat(late()).isEmpty();
    assertThat(find(Optional.of(refreshed())).isOfAll()).isFalse();
  }

  @Test
  void findsLateChangesWithoutComparingAll() {
    stamp("b3", "updated_at", Duration.ZERO);
    insert("b4", Duration.ofMinutes(2));
    insert("new", Duration.ofMinutes(1));
    assertThat(late()).containsExactlyInAnyOrder("b3", "b4", "new");
    assertThat(find(Optional.of(refreshed())).isOfAll()).isFalse();
  }

  /** A program takes the time once, and then inserts for some minutes. */
  @Test
  void findsTimesOfBeforeTheLastRefresh() {
    insert("b4", Duration.ofMinutes(9));
    assertThat(late()).containsExactly("b4");
  }

  /** The group was recounted in the middle of such an upload. */
  @Test
  void findsUploadThatGoesOnAfterRecount() {
    insert("b4", Duration.ofMinutes(9));
    countedAt(refreshed());
    assertThat(late()).containsExactly("b4");
    assertThat(ids(find(Optional.empty()))).containsExactly("b4");
  }

  @Test
  void findsRestoredGroups() {
    insert("restored", Duration.ofDays(3));
    assertThat(late()).containsExactly("restored");
  }

  @Test
  void findsGroupsWithoutJobs() {
    fixture.db().jobs().deleteMany(new Document("batch_id", "b5"));
    assertThat(late()).containsExactly("b5");
  }

  @Test
  void findsGroupsWhoseSumsAreBehind() {
    fixture
        .db()
        .counterSnapshots()
        .updateOne(
            new Document("_id", JobGroup.of("b6").key()),
            new Document("$set", new Document("sums_behind", true)));
    assertThat(late()).containsExactly("b6");
    assertThat(find(Optional.of(refreshed())).isOfAll()).isFalse();
  }

  @Test
  void findsGroupsWithOddTimes() {
    fixture
        .db()
        .jobs()
        .updateOne(
            new Document("batch_id", "b7"),
            new Document("$set", new Document("updated_at", "yesterday")));
    insert(List.of("b8", "b9"), Duration.ZERO);
    assertThat(late()).containsExactlyInAnyOrder("b7", "b8", "b9");
  }

  /** Each of these alone changes the number of groups. */
  @Test
  void comparisonOfAllFindsWhatTheNumberHides() {
    insert("restored", Duration.ofDays(3));
    fixture.db().jobs().deleteMany(new Document("batch_id", "b5"));
    assertThat(late()).isEmpty();
    assertThat(ids(find(Optional.empty()))).containsExactlyInAnyOrder("restored", "b5");
  }

  /** Such a time is older than every refresh, but not than the last recount of its group. */
  @Test
  void comparisonOfAllFindsTimesOfLongAgo() {
    stamp("b3", "updated_at", Duration.ofMinutes(20));
    assertThat(late()).isEmpty();
    assertThat(ids(find(Optional.empty()))).containsExactly("b3");
  }

  /** Their walk would stop before b3. */
  @Test
  void comparesAllWhereTooManyAreLate() {
    countedAt(refreshed());
    for (int i = 0; i < GROUPS; i++) {
      stamp("b" + i, "updated_at", Duration.ofMinutes(10));
    }
    stamp("b3", "updated_at", Duration.ZERO);
    assertThat(lateOf(GROUPS)).hasValueSatisfying(b3 -> assertThat(b3).hasSize(1));
    assertThat(lateOf(5)).isEmpty();
  }

  private Optional<List<Chunks.Candidate>> lateOf(int most) {
    Instant midnight = Midnight.before(now, ZoneOffset.UTC);
    return new LateChanges(fixture.db(), new JobIndexes(fixture.db()), most)
        .find(refreshed(), midnight, Deadline.in(LONG));
  }

  /** The last refresh ended five minutes ago. */
  private Instant refreshed() {
    return now.minus(Duration.ofMinutes(5));
  }

  private List<String> late() {
    return ids(find(Optional.of(refreshed())));
  }

  private ChangedGroups.Found find(Optional<Instant> countedUntil) {
    return new ChangedGroups(fixture.db(), new JobIndexes(fixture.db()))
        .find(countedUntil, Midnight.before(now, ZoneOffset.UTC), Deadline.in(LONG));
  }

  private static List<String> ids(ChangedGroups.Found found) {
    List<String> ids = new ArrayList<>();
    found.groups().forEach(group -> ids.add(group.group().batchId().orElseThrow()));
    return ids;
  }

  /** As if all groups had been counted then. */
  private void countedAt(Instant then) {
    Document taken = new Document("taken_at", Date.from(then));
    fixture.db().counterSnapshots().updateMany(new Document(), new Document("$set", taken));
  }

  private void insert(Object batchId, Duration ago) {
    Date at = Date.from(now.minus(ago));
    Document job = job(null, "pending").append("created_at", at).append("updated_at", at);
    job.append("batch_id", batchId);
    fixture.jobs(List.of(job));
  }

  private void stamp(String batchId, String field, Duration ago) {
    Document at = new Document(field, Date.from(now.minus(ago)));
    fixture.db().jobs().updateOne(new Document("batch_id", batchId), new Document("$set", at));
  }
}

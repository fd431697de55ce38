package dev.pulso.push;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Updates.set;
import static dev.pulso.fixture.Builders.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.batch.Batches;
import dev.pulso.fixture.Eventually;
import dev.pulso.mongo.Db;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a client that has just subscribed is told of the next change, and how soon. */
class FirstChangeIT {
  private static final Duration SOON = Duration.ofSeconds(15);

  private final PushWorld world = new PushWorld();
  private final Db db = world.fixture.db();
  private final BatchFeed feed = new BatchFeed(new Batches(db));
  private final Audience audience =
      new Audience(new Connections(db, ""), world.fixture.pulso().settings().access());
  private final PushLease lease = PushLease.take(db, "").orElseThrow();
  private final Sender sender = new Sender(world.clients, lease);

  @BeforeEach
  void upload() {
    world.fixture.batches(batch("b1"));
    world.connect("c1");
    world.subscribe("c1", "b1");
    audience.load(Handover.NONE);
  }

  @AfterEach
  void close() {
    sender.close();
    world.close();
  }

  @Test
  void aChangeOfACalmBatchIsToldAtOnce() {
    tellOf(5, Duration.ofMinutes(1));
    assertThat(messages()).hasSize(1);
    long since = System.nanoTime();
    tellOf(4, Duration.ZERO);
    assertThat(messages()).hasSize(2);
    tellOf(3, Duration.ZERO);
    assertMessages(2, since);
  }

  @Test
  void aChangeOfABusyBatchWaits() {
    long since = System.nanoTime();
    tellOf(5, Duration.ZERO);
    assertThat(messages()).hasSize(1);
    tellOf(4, Duration.ZERO);
    assertMessages(1, since);
  }

  /** Uploaders write how many jobs there will be, before they insert them. */
  @Test
  void aRecountThatFindsNoJobIsNoEvent() {
    db.batches().updateOne(eq("batch_id", "b1"), set("total_jobs", 3));
    tell();
    assertThat(messages()).hasSize(1);
    world.fixture.poll("b1");
    // On a busy server, what a poll found is stored after its answer.
    Eventually.isTrue(SOON, () -> db.batches().countDocuments(exists("pulso.figures")) == 1);
    tell();
    assertThat(messages()).hasSize(2);
    assertThat(world.clients.types("c1")).containsOnly("batch.status");
  }

  /** Asserts that a busy batch's last change waits until five seconds after the one before it. */
  private void assertMessages(int many, long since) {
    int more = (int) ((System.nanoTime() - since) / BatchFeed.COUNTERS_NANOS);
    assertThat(messages()).hasSizeBetween(many, many + more);
  }

  /** Tells what a recount of just now would have stored. */
  private void tellOf(int pending, Duration sinceLastActivity) {
    Instant now = db.now();
    Document counted =
        new Document("total", 5)
            .append("pending", pending)
            .append("completed", 5 - pending)
            .append("failed", 0)
            .append("taken_at", Date.from(now))
            .append("last_activity_at", Date.from(now.minus(sinceLastActivity)));
    db.batches().updateOne(eq("batch_id", "b1"), set("pulso.figures", counted));
    tell();
  }

  private void tell() {
    Eventually.isTrue(
        SOON,
        () -> {
          feed.tell(audience, feed.read(audience), lease.next(db.now()), sender);
          Eventually.isTrue(SOON, () -> audience.all().stream().noneMatch(Listener::isClaimed));
          // Nothing is sent if the lease ended meanwhile.
          return lease.isHeld();
        });
  }

  private List<FakeClients.Received> messages() {
    return world.clients.of("c1");
  }
}

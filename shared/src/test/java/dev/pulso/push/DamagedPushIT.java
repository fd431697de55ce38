package dev.pulso.push;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.currentDate;
import static com.mongodb.client.model.Updates.set;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.bson.BsonRegularExpression;
import org.bson.BsonUndefined;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A document that something damaged stops push for nobody else. */
class DamagedPushIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration LONG = Duration.ofMinutes(5);

  @AutoClose private final PushWorld world = new PushWorld();

  @Test
  void damagedSubscriptionsStopNobodyElse() {
    List<Object> damaged =
        Arrays.asList(
            "x",
            5,
            null,
            new Document(),
            new Document("kind", "account").append("name", "x"),
            new Document("kind", "batch").append("name", "x").append("batch", null),
            new Document("kind", "batch").append("name", 5).append("batch", 5),
            subscription(List.of("x")),
            subscription(new BsonUndefined()),
            subscription(new BsonRegularExpression("x")),
            subscription(new Document("$gt", 1)),
            new Document("kind", "overview").append("name", 5),
            new Document("kind", 5));
    damaged.forEach(
        each -> insert(connection(List.of()).append("subscriptions", Arrays.asList(each, each))));
    insert(connection(List.of()).append("subscriptions", "x"));
    insert(connection(List.of()).append("subscriptions", null));
    insert(connection(List.of()).append("subscriptions", damaged).append("revision", "x"));
    othersAreTold();
  }

  /** As earlier versions stored them. */
  @Test
  void subscriptionsWithoutARevisionAreRead() {
    world.upload("b1", 3);
    Object id = world.fixture.stored("b1").get("_id");
    Document old = connection(List.of()).append("subscriptions", List.of(subscription(id)));
    insert(old);
    world.push(LONG);
    String client = old.getString("_id");
    Eventually.isTrue(SOON, () -> !world.clients.last(client, "batch.status", "x").isEmpty());
  }

  @Test
  void damagedConnectionsEnd() {
    List<Object> damaged =
        Arrays.asList(
            "x",
            null,
            List.of("x"),
            List.of(new Document("name", "sub").append("value", null)),
            List.of(new Document("name", 5).append("value", "x")),
            List.of(claim("sub", "ana"), claim("sub", "eve")));
    damaged.forEach(each -> insert(connection(each)));
    insert(connection(List.of()).append("authorized_until", "x"));
    insert(connection(List.of()).append("_id", new ObjectId()));
    othersAreTold();
    Eventually.isTrue(SOON, () -> world.fixture.db().connections().countDocuments() == 2);
  }

  /** The scope that gives the right may have another name since. */
  @Test
  void whoMayNotReadStopsNobodyElse() {
    world.clients.endWhen(() -> false);
    Document overview = new Document("kind", "overview").append("name", null);
    Document list = new Document("kind", "list").append("name", null);
    Document unread =
        connection(List.of(claim("sub", "ana"), claim("account_ids", "acc-chile-001")))
            .append("subscriptions", List.of(overview, list));
    insert(unread);
    world.connect("c1");
    world.send("c1", "{'action':'subscribe','overview':true}");
    world.push(LONG);
    Eventually.isTrue(SOON, () -> world.clients.types("c1").contains("dashboard.overview"));
    world.clients.endWhen(() -> true);
    String client = unread.getString("_id");
    Eventually.isTrue(SOON, () -> world.clients.isDisconnected(client));
    assertThat(world.clients.ofDisconnected(client))
        .extracting(FakeClients.Received::type)
        .containsOnly("error");
  }

  @Test
  void anonymousClientsEndWhereTokensAreNeeded() {
    try (PushWorld closed = new PushWorld(Map.of("ALLOW_ANONYMOUS", "false"))) {
      closed.fixture.db().connections().insertOne(connection(List.of()));
      closed.push(LONG);
      Eventually.isTrue(SOON, () -> closed.fixture.db().connections().countDocuments() == 0);
    }
  }

  @Test
  void aSignalReachesClientsBesideDamagedSubscriptions() {
    world.upload("b1", 2);
    world.connect("c1");
    world.subscribe("c1", "b1");
    Object id = world.fixture.stored("b1").get("_id");
    insert(
        connection(List.of()).append("subscriptions", List.of(subscription(Arrays.asList(id, 5)))));
    assertThat(world.fixture.pulso().recountEarly(List.of("b1"), SOON)).isEqualTo(1);
  }

  @Test
  void recountedRowsAreToldBesideDamagedSnapshots() {
    for (Object damaged :
        Arrays.asList(
            "junk", new Document("batch_id", 5), new Document("batch_id", List.of("x")))) {
      world
          .fixture
          .db()
          .counterSnapshots()
          .insertOne(
              new Document("_id", damaged)
                  .append("taken_at", Date.from(Instant.now().plus(Duration.ofMinutes(1))))
                  .append("stored_at", Date.from(Instant.now().plus(Duration.ofMinutes(1)))));
    }
    world.upload("b1", 3);
    world.connect("c1");
    world.send("c1", "{'action':'subscribe','batches':true}");
    world.push(LONG);
    Eventually.isTrue(SOON, () -> rows().contains("\"b1\""));
    world
        .fixture
        .db()
        .jobs()
        .updateMany(
            eq("batch_id", "b1"), combine(set("status", "done"), currentDate("updated_at")));
    Eventually.isTrue(
        SOON,
        () -> {
          // Only a poll recounts it.
          world.polled("b1");
          return rows().contains("\"completed\"");
        });
  }

  private String rows() {
    return world.clients.last("c1", "batches.changed", "");
  }

  private void othersAreTold() {
    world.upload("b1", 3);
    world.connect("c1");
    world.subscribe("c1", "b1");
    world.push(LONG);
    Eventually.isTrue(SOON, () -> !world.clients.last("c1", "batch.status", "b1").isEmpty());
  }

  private void insert(Document connection) {
    world.clients.connect(connection.get("_id").toString());
    world.fixture.db().connections().insertOne(connection);
  }

  private static Document connection(Object claims) {
    return new Document("_id", "damaged " + new ObjectId())
        .append("revision", 1L)
        .append("news", true)
        .append("claims", claims)
        .append("subscriptions", List.of())
        .append("expires_at", Date.from(Instant.now().plus(Duration.ofHours(1))));
  }

  private static Document claim(String name, String value) {
    return new Document("name", name).append("value", value);
  }

  private static Document subscription(Object batch) {
    return new Document("kind", "batch").append("name", "x").append("batch", batch);
  }
}

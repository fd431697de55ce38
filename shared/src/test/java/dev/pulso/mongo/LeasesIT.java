package dev.pulso.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.local.database.Relay;
import dev.pulso.mongo.Leases.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class LeasesIT {
  private static final long AN_HOUR = 3_600_000;

  @AutoClose private final PulsoFixture fixture = PulsoFixture.openBare();
  private final MongoCollection<Document> collection =
      fixture.db().database().getCollection("pulso_leases");

  @Test
  void oneOfManyGetsLease() throws Exception {
    List<Callable<Optional<Lease<Document>>>> takers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      takers.add(() -> take(AN_HOUR));
    }
    List<Lease<Document>> taken = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(takers.size())) {
      for (Future<Optional<Lease<Document>>> taker : threads.invokeAll(takers)) {
        taker.get().ifPresent(taken::add);
      }
    }
    assertThat(taken).hasSize(1);
    assertThat(collection.countDocuments()).isEqualTo(1);
  }

  @Test
  void expiredLeaseIsTakenOver() {
    Lease<Document> dead = take(AN_HOUR).orElseThrow();
    assertThat(take(AN_HOUR)).isEmpty();
    collection.updateOne(
        new Document("_id", "x"),
        new Document("$set", new Document(Leases.UNTIL, Date.from(dead.takenAt().minusMillis(1)))));
    Lease<Document> next = take(AN_HOUR).orElseThrow();
    assertThat(next.token()).isGreaterThan(dead.token());
    Leases.release(collection, "x", dead.token());
    assertThat(take(AN_HOUR)).as("the dead one's release has no effect any more").isEmpty();
  }

  @Test
  void releasedLeaseIsFree() {
    Lease<Document> first = take(AN_HOUR).orElseThrow();
    Leases.release(collection, "x", first.token());
    assertThat(take(AN_HOUR).orElseThrow().token()).isGreaterThan(first.token());
  }

  @Test
  void tokenGrowsAfterDeletion() {
    Lease<Document> first = take(AN_HOUR).orElseThrow();
    collection.drop();
    assertThat(take(AN_HOUR).orElseThrow().token()).isGreaterThanOrEqualTo(first.token());
  }

  @Test
  void takeAllSkipsTakenLeases() {
    take(AN_HOUR).orElseThrow();
    List<Lease<Document>> taken = Leases.takeAll(collection, List.of("w", "x", "y"), AN_HOUR, true);
    assertThat(taken).extracting(lease -> lease.before().get("_id")).containsOnly("w", "y");
  }

  @Test
  void leaseWhoseAnswerIsLostIsReleased() throws Exception {
    try (Relay relay = Relay.toMongo();
        MongoClient client = MongoClients.create(through(relay))) {
      MongoCollection<Document> relayed = relayed(client);
      relayed.countDocuments();
      relay.loseAnswers();
      assertThatThrownBy(() -> Leases.take(relayed, "x", AN_HOUR, true, IndependentWrites.PATIENCE))
          .isInstanceOf(MongoOperationTimeoutException.class);
      Eventually.isTrue(Duration.ofSeconds(20), () -> take(AN_HOUR).isPresent());
    }
  }

  @Test
  void releaseIsRepeatedAfterFailure() throws Exception {
    AtomicInteger releases = new AtomicInteger();
    try (Relay relay = Relay.toMongo()) {
      CommandListener loseFirst =
          new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
              if (event.getCommandName().equals("update") && releases.incrementAndGet() == 1) {
                relay.loseAnswers();
              }
            }
          };
      MongoClientSettings settings =
          MongoClientSettings.builder()
              .applyConnectionString(new ConnectionString(through(relay)))
              .addCommandListener(loseFirst)
              .build();
      try (MongoClient client = MongoClients.create(settings)) {
        MongoCollection<Document> relayed = relayed(client);
        relayed.countDocuments();
        relay.loseAnswers();
        assertThatThrownBy(
                () -> Leases.take(relayed, "x", AN_HOUR, true, IndependentWrites.PATIENCE))
            .isInstanceOf(MongoOperationTimeoutException.class);
        Eventually.isTrue(Duration.ofSeconds(20), () -> releases.get() == 2);
      }
    }
  }

  private MongoCollection<Document> relayed(MongoClient client) {
    return client.getDatabase(fixture.db().database().getName()).getCollection("pulso_leases");
  }

  private static String through(Relay relay) {
    return "mongodb://127.0.0.1:" + relay.port() + "/?directConnection=true";
  }

  private Optional<Lease<Document>> take(long lengthMs) {
    return Leases.take(collection, "x", lengthMs, true, Duration.ofSeconds(20));
  }
}

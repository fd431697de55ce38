package dev.pulso.trips;

import static java.util.Comparator.comparingInt;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import dev.pulso.local.database.MongoServer;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits the number of files that a reader has to open to follow a request of a warm function. */
class TripsIT {
  private static final String NAME = "trips_" + UUID.randomUUID().toString().replace("-", "");

  private final MongoClient client = MongoClients.create(MongoServer.forTests().uri());
  private final MongoDatabase database = client.getDatabase(NAME);
  private Function<String, Runnable> trips;

  @BeforeEach
  @SuppressWarnings("unchecked") // Its class is another one here: only the JDK's types are shared.
  void open() throws ReflectiveOperationException {
    for (String batch : List.of("first", "second", "third", "sixth", "seventh")) {
      upload(batch);
    }
    database.getCollection("accounts").insertOne(new Document("account_id", "acc"));
    trips =
        (Function<String, Runnable>)
            new VisitingLoader()
                .loadClass(Trips.class.getName())
                .getConstructor(Map.class)
                .newInstance(
                    Map.of(
                        "MONGODB_URI",
                        MongoServer.forTests().uri(),
                        "MONGODB_DATABASE",
                        NAME,
                        "ALLOW_ANONYMOUS",
                        "true"));
    for (String trip : List.of("status first", "cancel first", "overview acc", "upkeep once")) {
      trips.apply(trip).run();
    }
  }

  private void upload(String batch) {
    Date now = new Date();
    database
        .getCollection("batches")
        .insertOne(
            new Document("batch_id", batch).append("account_id", "acc").append("is_active", true));
    database
        .getCollection("jobs")
        .insertOne(
            new Document("batch_id", batch)
                .append("account_id", "acc")
                .append("status", "pending")
                .append("created_at", now)
                .append("updated_at", now));
  }

  @AfterEach
  void close() throws Exception {
    ((Callable<?>) trips).call();
    database.drop();
    client.close();
  }

  /** A recount also tells events, and upkeep turns these into deliveries. */
  @Test
  void tripsAreShort() {
    SoftAssertions all = new SoftAssertions();
    upload("fourth");
    // On a busy machine a write of a poll before may end beside one of these.
    Set<String> notDue = shortest(Stream.generate(this::visitedNotDue).limit(3));
    all.assertThat(notDue).as("status second").hasSizeLessThanOrEqualTo(42);
    check(all, "status fourth", 63);
    // On a busy machine a recount may not get its lease in time.
    Set<String> cancel =
        shortest(Stream.of("third", "sixth", "seventh").map(batch -> visited("cancel " + batch)));
    all.assertThat(cancel).as("cancel").hasSizeLessThanOrEqualTo(64);
    check(all, "overview other", 85);
    upload("fifth");
    check(all, "upkeep once", 79);
    all.assertAll();
  }

  private static Set<String> shortest(Stream<Set<String>> trips) {
    return trips.min(comparingInt(Set::size)).get();
  }

  private void check(SoftAssertions all, String trip, int most) {
    all.assertThat(visited(trip)).as(trip).hasSizeLessThanOrEqualTo(most);
  }

  /** On a busy machine its counters may be due by now, and a poll recounts. */
  private Set<String> visitedNotDue() {
    trips.apply("status second").run();
    database
        .getCollection("batches")
        .updateOne(
            new Document("batch_id", "second"),
            Document.parse("{$set: {'pulso.due_at': {$date: '9999-01-01T00:00:00Z'}}}"));
    return visited("status second");
  }

  private Set<String> visited(String trip) {
    Set<String> visited = Visits.during(trips.apply(trip));
    visited.removeIf(name -> name.startsWith("dev.pulso.trips."));
    return visited;
  }
}

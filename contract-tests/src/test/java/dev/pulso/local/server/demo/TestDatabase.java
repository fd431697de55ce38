package dev.pulso.local.server.demo;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.pulso.config.Settings;
import dev.pulso.local.database.MongoServer;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;

/** A separate database for one test, with its own collection names. */
final class TestDatabase implements AutoCloseable {
  final Settings settings;
  final DemoCollections collections;
  private final String uri;
  private final MongoClient client;

  TestDatabase() {
    uri = MongoServer.forTests().uri();
    settings =
        Settings.from(
            Map.of(
                "MONGODB_DATABASE",
                "demo_" + UUID.randomUUID().toString().substring(0, 8),
                "BATCHES_COLLECTION",
                "lotes",
                "JOBS_COLLECTION",
                "llamadas",
                "ACCOUNTS_COLLECTION",
                "cuentas"));
    client = MongoClients.create(uri);
    collections = DemoCollections.of(client.getDatabase(settings.database()), settings);
  }

  DemoData demo(Clock clock) {
    return new DemoData(uri, settings, clock);
  }

  @Override
  public void close() {
    client.getDatabase(settings.database()).drop();
    client.close();
  }
}

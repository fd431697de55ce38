package dev.pulso.mongo;

import com.mongodb.MongoClientSettings;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import dev.pulso.config.MissingConnectionException;
import dev.pulso.config.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bson.Document;

/**
 * The database of one process: one client, made once, and its collections. Safe for use by several
 * threads; closed by whoever opened it.
 */
public final class Db implements AutoCloseable {
  /** A server that is away is found out in this time, well below what a caller waits. */
  private static final int SELECTION_TIMEOUT_MS = 2_000;

  private static final int CONNECT_TIMEOUT_MS = 1_500;

  /** What a single small operation may take, retries included, before it counts as failed. */
  private static final int OPERATION_TIMEOUT_MS = 3_500;

  private final MongoClient client;
  private final MongoDatabase database;
  private final MongoCollection<Document> batches;
  private final MongoCollection<Document> jobs;
  private final MongoCollection<Document> accounts;
  private final MongoCollection<Document> auditLog;
  private final MongoCollection<Document> tallies;
  private final MongoCollection<Document> progress;

  private Db(MongoClient client, Settings settings) {
    this.client = client;
    this.database = client.getDatabase(settings.database());
    this.batches = database.getCollection(settings.batches());
    this.jobs = database.getCollection(settings.jobs());
    this.accounts = database.getCollection(settings.accounts());
    this.auditLog = database.getCollection("audit_log");
    this.tallies = database.getCollection("pulso_tallies");
    this.progress = database.getCollection("pulso_progress");
  }

  /**
   * Opens the database; nothing is sent before the first operation.
   *
   * @throws MissingConnectionException when the connection string can't be used
   */
  public static Db open(String connectionString, Settings settings) {
    return open(connectionString, settings, builder -> {});
  }

  /** Opens the database with a client that the caller has a last word on. */
  public static Db open(
      String connectionString, Settings settings, Consumer<MongoClientSettings.Builder> lastWord) {
    MongoClientSettings.Builder builder =
        Connection.settings(connectionString)
            .applicationName("pulso")
            // Whatever the connection string says: the promises rest on these.
            .writeConcern(WriteConcern.MAJORITY)
            .readPreference(ReadPreference.primary())
            .readConcern(ReadConcern.LOCAL)
            .retryWrites(true)
            .timeout(OPERATION_TIMEOUT_MS, TimeUnit.MILLISECONDS)
            .applyToClusterSettings(
                c ->
                    c.serverSelectionTimeout(SELECTION_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                        .serverSelector(new SupportedServers()))
            .applyToServerSettings(
                s ->
                    s.heartbeatFrequency(5, TimeUnit.SECONDS)
                        .minHeartbeatFrequency(250, TimeUnit.MILLISECONDS))
            .applyToSocketSettings(s -> s.connectTimeout(CONNECT_TIMEOUT_MS, TimeUnit.MILLISECONDS))
            .applyToConnectionPoolSettings(p -> p.maxSize(settings.maxPoolSize()))
            .addCommandListener(new ObservedCommands());
    lastWord.accept(builder);
    return new Db(MongoClients.create(builder.build()), settings);
  }

  /** The client, for sessions. */
  public MongoClient client() {
    return client;
  }

  /** The database itself. */
  public MongoDatabase database() {
    return database;
  }

  /** The batches. */
  public MongoCollection<Document> batches() {
    return batches;
  }

  /** The jobs. */
  public MongoCollection<Document> jobs() {
    return jobs;
  }

  /** The jobs, for operations that may take that long. */
  public MongoCollection<Document> jobs(Duration timeout) {
    return jobs().withTimeout(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS);
  }

  /** The accounts. */
  public MongoCollection<Document> accounts() {
    return accounts;
  }

  /** One entry for each batch that was cancelled, paused or resumed. */
  public MongoCollection<Document> auditLog() {
    return auditLog;
  }

  /** The counters of every group of jobs: those of a batch, and those of no batch. */
  public MongoCollection<Document> tallies() {
    return tallies;
  }

  /** How far work that spans all groups has come. */
  public MongoCollection<Document> progress() {
    return progress;
  }

  /** The server's clock, the only one by which stored times are compared. */
  public Instant now() {
    return database.runCommand(new Document("hello", 1)).getDate("localTime").toInstant();
  }

  @Override
  public void close() {
    client.close();
  }
}

package dev.pulso.mongo;

import static dev.pulso.mongo.Expressions.op;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoSocketException;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.connection.ServerMonitoringMode;
import dev.pulso.config.MissingConnectionException;
import dev.pulso.config.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bson.Document;
import org.bson.UuidRepresentation;

/**
 * The database of one process: one client and its collections. Safe for use by several threads. Its
 * opener closes it.
 */
public final class Db implements AutoCloseable {
  /** Time to notice an unavailable server, well below a caller's deadline. */
  private static final int SELECTION_TIMEOUT_MS = 2_000;

  private static final int CONNECT_TIMEOUT_MS = 1_500;

  /**
   * A pooled connection that was idle for longer is replaced, by the wall clock. A frozen execution
   * environment cannot close connections, and firewalls and NAT gateways forget idle ones. {@code
   * maxIdleTimeMS} in the connection string comes first.
   */
  private static final int IDLE_TIME_SECONDS = 60;

  /** Time limit of one small operation, including retries. */
  public static final Duration OPERATION_TIMEOUT = Duration.ofMillis(3_500);

  private final MongoClient client;
  private final MongoDatabase database;
  private final MongoCollection<Document> batches;
  private final MongoCollection<Document> jobs;
  private final MongoCollection<Document> accounts;
  private final MongoCollection<Document> auditLog;
  private final MongoCollection<Document> counterSnapshots;
  private final MongoCollection<Document> progress;
  private final MongoCollection<Document> operations;
  private final MongoCollection<Document> webhooks;
  private final MongoCollection<Document> deliveries;
  private final MongoCollection<Document> connections;

  private Db(MongoClient client, Settings settings) {
    this.client = client;
    this.database = client.getDatabase(settings.database());
    this.batches = database.getCollection(settings.batches());
    this.jobs = database.getCollection(settings.jobs());
    this.accounts = database.getCollection(settings.accounts());
    this.auditLog = database.getCollection("audit_log");
    this.counterSnapshots = database.getCollection("pulso_tallies");
    this.progress = database.getCollection("pulso_progress");
    this.operations = database.getCollection("pulso_operations");
    this.webhooks = database.getCollection("pulso_webhooks");
    this.deliveries = database.getCollection("pulso_deliveries");
    this.connections = database.getCollection("pulso_connections");
  }

  /**
   * Opens the database; nothing is sent before the first operation.
   *
   * @throws MissingConnectionException when the connection string is invalid
   */
  public static Db open(String connectionString, Settings settings) {
    return open(connectionString, settings, builder -> {});
  }

  /** Opens the database with client settings that the caller may adjust. */
  public static Db open(
      String connectionString, Settings settings, Consumer<MongoClientSettings.Builder> lastWord) {
    MongoClientSettings.Builder builder =
        parsed(connectionString)
            .applicationName("pulso")
            // Values of other programs go back as they came: a UUID stays binary.
            .uuidRepresentation(UuidRepresentation.UNSPECIFIED)
            // These too override the connection string: Pulso's guarantees depend on them.
            .writeConcern(WriteConcern.MAJORITY)
            .readPreference(ReadPreference.primary())
            .readConcern(ReadConcern.LOCAL)
            .retryReads(true)
            .retryWrites(true)
            .timeout(OPERATION_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .applyToClusterSettings(
                c ->
                    c.serverSelectionTimeout(SELECTION_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                        .serverSelector(new SupportedServers()))
            .applyToServerSettings(
                s ->
                    // Polling takes one connection to each member, streaming two.
                    s.serverMonitoringMode(ServerMonitoringMode.POLL)
                        .heartbeatFrequency(5, TimeUnit.SECONDS)
                        .minHeartbeatFrequency(250, TimeUnit.MILLISECONDS))
            .applyToSocketSettings(s -> s.connectTimeout(CONNECT_TIMEOUT_MS, TimeUnit.MILLISECONDS))
            .applyToConnectionPoolSettings(p -> p.minSize(0).maxSize(settings.maxPoolSize()))
            .addCommandListener(new ObservedCommands());
    lastWord.accept(builder);
    return new Db(MongoClients.create(valid(builder::build)), settings);
  }

  private static MongoClientSettings.Builder parsed(String connectionString) {
    return valid(
        () ->
            MongoClientSettings.builder()
                .applyToConnectionPoolSettings(
                    p -> p.maxConnectionIdleTime(IDLE_TIME_SECONDS, TimeUnit.SECONDS))
                .applyConnectionString(new ConnectionString(connectionString)));
  }

  /** The driver checks some options of the string when they are read, others when all are there. */
  private static <T> T valid(Supplier<T> fromString) {
    try {
      return fromString.get();
    } catch (IllegalArgumentException | IllegalStateException e) {
      // The driver's message quotes parts of the string, including credentials, so it is left out.
      throw new MissingConnectionException(
          "The connection string is not a valid mongodb:// or mongodb+srv:// URI.");
    }
  }

  /** Returns the client, for sessions. */
  public MongoClient client() {
    return client;
  }

  public MongoDatabase database() {
    return database;
  }

  public MongoCollection<Document> batches() {
    return batches;
  }

  public MongoCollection<Document> jobs() {
    return jobs;
  }

  /** Returns the jobs, with this time limit per operation. */
  public MongoCollection<Document> jobs(Duration timeout) {
    return within(timeout, jobs);
  }

  /** Returns a collection with this time limit per operation; zero would mean none. */
  public static MongoCollection<Document> within(
      Duration timeout, MongoCollection<Document> collection) {
    return collection.withTimeout(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS);
  }

  /** Returns an expression: the server's time this much later. */
  public static Document later(Duration time) {
    return op("$add", "$$NOW", time.toMillis());
  }

  public MongoCollection<Document> accounts() {
    return accounts;
  }

  /** Returns the audit log: one entry per cancel, pause, resume or refused attempt. */
  public MongoCollection<Document> auditLog() {
    return auditLog;
  }

  /** Returns the counter snapshots of all groups. */
  public MongoCollection<Document> counterSnapshots() {
    return counterSnapshots;
  }

  /** Returns the progress documents of work that spans all groups. */
  public MongoCollection<Document> progress() {
    return progress;
  }

  /** Returns the operations on many batches. */
  public MongoCollection<Document> operations() {
    return operations;
  }

  public MongoCollection<Document> webhooks() {
    return webhooks;
  }

  /** Returns the deliveries of the last 30 days: one for each event and webhook that wants it. */
  public MongoCollection<Document> deliveries() {
    return deliveries;
  }

  /** Returns the clients that are connected for push, and tickets to connect with. */
  public MongoCollection<Document> connections() {
    return connections;
  }

  /** Returns the server's time. Stored times are compared with this clock only. */
  public Instant now() {
    try {
      return hello();
    } catch (MongoSocketException e) {
      // The connection broke while it was idle. The driver repeats reads, but not this command.
      return hello();
    }
  }

  private Instant hello() {
    return database.runCommand(new Document("hello", 1)).getDate("localTime").toInstant();
  }

  @Override
  public void close() {
    client.close();
  }
}

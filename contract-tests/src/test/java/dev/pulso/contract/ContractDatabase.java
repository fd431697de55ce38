package dev.pulso.contract;

import static dev.pulso.fixture.Builders.set;
import static dev.pulso.fixture.Unhurried.unhurried;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoClientSettings;
import com.mongodb.event.CommandListener;
import dev.pulso.Pulso;
import dev.pulso.Sharing;
import dev.pulso.config.Settings;
import dev.pulso.fixture.Builders;
import dev.pulso.fixture.Eventually;
import dev.pulso.local.database.MongoServer;
import dev.pulso.local.database.ReusedDatabases;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.LiveDb;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bson.Document;

/**
 * A separate database on the real server, and the handlers over it; dropped at the end. Tests that
 * share one use {@link #name} to keep apart.
 */
final class ContractDatabase implements AutoCloseable {
  private static final List<String> DUE_AT = List.of("pulso", "due_at");
  private static final Date NEVER = Date.from(Instant.parse("9999-01-01T00:00:00Z"));
  private static final AtomicInteger NAMES = new AtomicInteger();

  /** The body that creates a webhook. */
  static final String WEBHOOK =
      "{\"url\":\"https://example.com/\",\"events\":[\"batch.paused\"],"
          + "\"account_id\":\"acc-chile-001\"}";

  /** Settings that require tokens. */
  static final Map<String, String> GUARDED = Map.of("ALLOW_ANONYMOUS", "false");

  private final Map<String, String> environment;
  private final Settings settings;
  private final Pulso pulso;
  private final Api api;
  private boolean isReused;

  private ContractDatabase(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.putIfAbsent("ALLOW_ANONYMOUS", "true");
    // Tests read right after a change, faster than people.
    all.putIfAbsent("OVERVIEW_CACHE_SECONDS", "0");
    all.putIfAbsent("STATUS_RATE_LIMIT", "off");
    all.putIfAbsent("WEBHOOK_KEYS", "k".repeat(64));
    all.put("MONGODB_URI", MongoServer.forTests().uri());
    all.computeIfAbsent("MONGODB_DATABASE", any -> ReusedDatabases.name());
    all.put("MONGODB_MAX_POOL_SIZE", "64");
    this.environment = all;
    settings = Settings.from(all);
    pulso = another();
    api = new Api(pulso);
  }

  /** Opens a database with all indexes. */
  static ContractDatabase open() {
    return open(Map.of());
  }

  /** Opens a database with all indexes and these settings. */
  static ContractDatabase open(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("MONGODB_DATABASE", ReusedDatabases.shared().take(ContractDatabase::makeIndexes));
    ContractDatabase database = new ContractDatabase(all);
    database.isReused = true;
    return database;
  }

  private static void makeIndexes(String database) {
    try (Pulso pulso = new ContractDatabase(Map.of("MONGODB_DATABASE", database)).pulso) {
      pulso.makeIndexes();
    }
  }

  /** Opens a database with all indexes that requires tokens. */
  static ContractDatabase guarded() {
    return open(GUARDED);
  }

  /** Opens a database without indexes, like a new installation. */
  static ContractDatabase openBare(Map<String, String> environment) {
    return new ContractDatabase(environment);
  }

  /** Returns a name that no other test of this run uses. */
  static String name(String start) {
    return start + "-" + NAMES.incrementAndGet();
  }

  Api api() {
    return api;
  }

  Pulso pulso() {
    return pulso;
  }

  /**
   * Returns the environment variables of a process over this database. No other test gets the
   * database then, because connections may be left.
   */
  Map<String, String> environment() {
    isReused = false;
    return environment;
  }

  /** Returns the options of another process over this database, with these changed settings. */
  Pulso.Options options(Map<String, String> others) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(others);
    return unhurriedOptions(Settings.from(all));
  }

  /** Opens another process over the same database, with time for a busy server. */
  Pulso another(CommandListener... listeners) {
    return Pulso.open(unhurriedOptions(settings, listeners));
  }

  /** Opens another process that reaches the same database at this local port, with usual limits. */
  Pulso another(int port, CommandListener listener) {
    String uri = "mongodb://127.0.0.1:" + port + "/?directConnection=true";
    return Pulso.open(reaching(uri, settings, client -> client.addCommandListener(listener)));
  }

  /** Opens another process with shared state. */
  Pulso sharing(Function<Settings, Sharing> sharer, CommandListener listener) {
    return Pulso.open(unhurriedOptions(settings, listener).withSharer(sharer));
  }

  private static Pulso.Options unhurriedOptions(Settings settings, CommandListener... listeners) {
    String uri = settings.mongoUri().orElseThrow();
    return reaching(uri, settings, client -> unhurried(client, listeners));
  }

  private static Pulso.Options reaching(
      String uri, Settings settings, Consumer<MongoClientSettings.Builder> lastWord) {
    Consumer<MongoClientSettings.Builder> named =
        client -> client.applicationName(settings.database());
    return Pulso.Options.of(settings)
        .withDatabase(LiveDb.openedBy(() -> Db.open(uri, settings, named.andThen(lastWord))));
  }

  Db db() {
    return pulso.db();
  }

  /** Inserts a batch, and returns its batch_id. */
  String batch(Document batch) {
    db().batches().insertOne(batch);
    return batch.getString("batch_id");
  }

  /** Inserts a batch with a new batch_id. */
  String batch() {
    return batch(Builders.batch(name("batch")));
  }

  /** Pauses a new batch by an operation, and returns its id. */
  String operation() {
    String body = "{\"action\":\"pause\",\"batch_ids\":[\"%s\"],\"expected\":1}";
    return (String) api.operate(body.formatted(batch())).at("operation_id");
  }

  /** Creates a webhook of the Chilean account, and returns its id. */
  String webhook() {
    // As if it were of another account, so that no limit on an account's webhooks is reached.
    Document earlier = set("account_id", "acc-earlier").append("$unset", new Document("slot", ""));
    db().webhooks().updateMany(new Document(), earlier);
    return (String) api.webhook(WEBHOOK).at("webhook_id");
  }

  /** Creates a webhook with a delivery, and returns both ids, separated by a slash. */
  String delivery() {
    String webhook = webhook();
    Reply test = api.send(Call.to("POST", Api.WEBHOOK + "/test").of(webhook));
    return webhook + "/" + test.at("delivery_id");
  }

  void jobs(List<Document> jobs) {
    unhurried(db().jobs()).insertMany(jobs);
  }

  void jobs(Document... jobs) {
    jobs(List.of(jobs));
  }

  /** Returns the stored batch. */
  Document stored(String batchId) {
    return db().batches().find(new Document("batch_id", batchId)).first();
  }

  /** Returns the stored jobs of a batch, in insertion order. */
  List<Document> storedJobs(String batchId) {
    List<Document> jobs =
        db().jobs()
            .find(new Document("batch_id", batchId))
            .sort(new Document("_id", 1))
            .into(new ArrayList<>());
    assertThat(jobs).as("jobs of %s", batchId).isNotEmpty();
    return jobs;
  }

  /** Returns the audit entries of a batch, oldest first. */
  List<Document> audited(String batchId) {
    return db().auditLog()
        .find(new Document("batch_id", batchId))
        .sort(new Document("at", 1))
        .into(new ArrayList<>());
  }

  /** Counts a batch, and has it never due again: each poll is then a single command. */
  void settle(String batchId) {
    Eventually.isTrue(
        Duration.ofSeconds(30),
        () -> {
          api.status(batchId).ok();
          return stored(batchId).getEmbedded(DUE_AT, Date.class) != null;
        });
    changeBatch(batchId, set(String.join(".", DUE_AT), NEVER));
  }

  void changeBatch(String batchId, Document change) {
    db().batches().updateOne(new Document("batch_id", batchId), change);
  }

  @Override
  public void close() {
    if (isReused) {
      pulso.close();
      ReusedDatabases.shared().giveBack(settings.database());
    } else {
      unhurried(db().database()).drop();
      pulso.close();
    }
  }
}

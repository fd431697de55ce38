package dev.pulso.bench.lab;

import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import dev.pulso.Pulso;
import dev.pulso.bench.lab.InTurn.Pace;
import dev.pulso.config.Settings;
import dev.pulso.fixture.Unhurried;
import dev.pulso.local.database.MongoServer;
import dev.pulso.mongo.LiveDb;
import dev.pulso.observe.MetricLines;
import dev.pulso.observe.Observer;
import dev.pulso.observe.Tracer;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bson.Document;

/** The environment of a measurement: a server, its databases, and a report. */
public final class Lab implements AutoCloseable {
  private static final String PREFIX = "pulso_bench";
  private static final long TRIAL_BELOW = 10_000;
  private static final long SLOW_FROM = 3_000_000;

  private final MongoServer server;
  private final MongoClient client;
  private final PrintStream out;
  private final long jobs;
  private final Report report = new Report();
  private final List<Pulso> opened = new ArrayList<>();
  private final PrintStream unread = unread();

  /**
   * @param jobs size of the installation
   */
  public Lab(MongoServer server, PrintStream out, long jobs) {
    this.server = server;
    this.client = MongoClients.create(server.uri());
    this.out = out;
    this.jobs = jobs;
  }

  public long jobs() {
    return jobs;
  }

  public String uri() {
    return server.uri();
  }

  /** Returns the client for everything but Pulso. */
  public MongoClient client() {
    return client;
  }

  public Report report() {
    return report;
  }

  public void say(String format, Object... values) {
    out.printf(format + "%n", values);
  }

  /** Returns whether the size is only for testing the bench, so that times do not matter. */
  public boolean isTrial() {
    return jobs < TRIAL_BELOW;
  }

  /** Compares operations of a millisecond or more. */
  public InTurn inTurn(long size) {
    Pace pace =
        isTrial()
            ? new Pace(2, Duration.ofMillis(20), 3_000, Duration.ofMillis(50))
            : new Pace(
                size < SLOW_FROM ? 5 : 3, Duration.ofMillis(400), 3_000, Duration.ofMillis(1_500));
    return new InTurn(pace, (what, samples) -> report.row(size, what, samples));
  }

  /**
   * Compares operations of microseconds, call by call: only adjacent calls meet the same garbage
   * collections, clock speeds and other programs.
   */
  public InTurn callByCall(int warmUp, int calls) {
    Pace pace =
        isTrial()
            ? new Pace(50, Duration.ZERO, 50, Duration.ofMinutes(1))
            : new Pace(calls, Duration.ZERO, warmUp, Duration.ofMinutes(1));
    return new InTurn(pace, (what, samples) -> report.row(jobs, what, samples));
  }

  /** Returns a database of the bench. */
  public MongoDatabase database(String name) {
    return client.getDatabase(PREFIX + "_" + name);
  }

  /** Returns a database with an installation of this size, without Pulso's data. */
  public MongoDatabase installation(long size) {
    MongoDatabase database = database(Long.toString(size));
    new Loader(database).load(Installation.of(size), this);
    return database;
  }

  /** Returns Pulso over a database, without the overview cache. */
  public Pulso pulso(MongoDatabase database) {
    Settings settings =
        Settings.from(
            Map.of(
                "ALLOW_ANONYMOUS", "true",
                "MONGODB_URI", uri(),
                "MONGODB_DATABASE", database.getName(),
                "MONGODB_MAX_POOL_SIZE", "256",
                "STATUS_RATE_LIMIT", "off",
                "OVERVIEW_CACHE_SECONDS", "0"));
    Consumer<MongoClientSettings.Builder> lastWord =
        isTrial() ? Unhurried::unhurried : measured -> {};
    Pulso pulso =
        Pulso.open(
            Pulso.Options.of(settings)
                .withDatabase(LiveDb.of(settings, lastWord))
                .withObserver(
                    new Observer(new MetricLines("bench", "none", unread::println), Tracer.OFF)));
    opened.add(pulso);
    return pulso;
  }

  /** Returns a description of the machine. */
  public String machine() {
    Document info = client.getDatabase("admin").runCommand(new Document("hostInfo", 1));
    Document build = client.getDatabase("admin").runCommand(new Document("buildInfo", 1));
    return "%s cores, %s MB, %s, Java %s, mongod %s"
        .formatted(
            info.getEmbedded(List.of("system", "numCores"), Number.class),
            info.getEmbedded(List.of("system", "memSizeMB"), Number.class),
            info.getEmbedded(List.of("system", "cpuArch"), String.class),
            Runtime.version(),
            build.getString("version"));
  }

  /** Opens a file, so that log lines cost the same as in a function. */
  private static PrintStream unread() {
    try {
      return new PrintStream(
          new FileOutputStream(ProcessBuilder.Redirect.DISCARD.file()),
          false,
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Drops the databases, if the server was not started here. */
  @Override
  public void close() {
    opened.forEach(Pulso::close);
    if (!server.startedHere()) {
      for (String name : client.listDatabaseNames()) {
        if (name.startsWith(PREFIX + "_")) {
          client.getDatabase(name).drop();
        }
      }
    }
    client.close();
    unread.close();
  }
}

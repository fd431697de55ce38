package dev.pulso.bench.lab;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import dev.pulso.Pulso;
import dev.pulso.bench.load.Installation;
import dev.pulso.bench.load.Loader;
import dev.pulso.bench.measure.InTurn;
import dev.pulso.bench.report.Report;
import dev.pulso.config.Settings;
import dev.pulso.local.database.MongoServer;
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

/** Where a measurement is made: a server, databases on it, a place for what was found out. */
public final class Lab implements AutoCloseable {
  private static final String PREFIX = "pulso_bench";
  private static final long TRIAL_BELOW = 10_000;
  private static final long SLOW_FROM = 3_000_000;

  private final MongoServer server;
  private final MongoClient client;
  private final PrintStream out;
  private final Report report = new Report();
  private final List<Pulso> opened = new ArrayList<>();
  private final PrintStream unread;

  public Lab(MongoServer server, PrintStream out) {
    this.unread = unread();
    this.server = server;
    this.client = MongoClients.create(server.uri());
    this.out = out;
  }

  /** The server's connection string. */
  public String uri() {
    return server.uri();
  }

  /** The client of those who don't use Pulso, as anybody would open it. */
  public MongoClient client() {
    return client;
  }

  /** Where to say what is going on. */
  public PrintStream out() {
    return out;
  }

  /** Where findings go. */
  public Report report() {
    return report;
  }

  /** Takes turns as long as the size is worth: a small one is there to see that all works. */
  public InTurn inTurn(long jobs) {
    if (isTrial(jobs)) {
      return new InTurn(2, Duration.ofMillis(20), Duration.ofMillis(50));
    }
    int rounds = jobs < SLOW_FROM ? 5 : 3;
    return new InTurn(rounds, Duration.ofMillis(400), Duration.ofMillis(1_500));
  }

  /** Whether nobody will look at the times. */
  public boolean isTrial(long jobs) {
    return jobs < TRIAL_BELOW;
  }

  /** Tells what comes now. */
  public void title(String text) {
    out.printf("%n== %s%n", text);
  }

  /** A database of the bench's own. */
  public MongoDatabase database(String name) {
    return client.getDatabase(PREFIX + "_" + name);
  }

  /** A database with an installation of that size, as it was before Pulso came. */
  public MongoDatabase installation(long jobs) {
    MongoDatabase database = database(Long.toString(jobs));
    new Loader(database, out).load(Installation.of(jobs));
    return database;
  }

  /** Pulso over a database, without its cache; its log lines go where nobody reads them. */
  public Pulso pulso(MongoDatabase database) {
    Pulso pulso =
        Pulso.open(
            Pulso.Options.of(
                    Settings.from(
                        Map.of(
                            "ALLOW_ANONYMOUS", "true",
                            "MONGODB_URI", uri(),
                            "MONGODB_DATABASE", database.getName(),
                            "MONGODB_MAX_POOL_SIZE", "256",
                            "STATUS_RATE_LIMIT", "off",
                            "OVERVIEW_CACHE_SECONDS", "0")))
                .withObserver(new Observer(new MetricLines("bench", unread::println), Tracer.OFF)));
    opened.add(pulso);
    return pulso;
  }

  /** A file, so that a line costs here what it costs a function. */
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

  /** On a server that is somebody's, nothing is left behind. */
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

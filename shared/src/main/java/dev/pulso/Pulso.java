package dev.pulso;

import dev.pulso.access.PollLimit;
import dev.pulso.config.Settings;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Indexes;
import dev.pulso.mongo.LiveDb;
import dev.pulso.observe.Observer;
import dev.pulso.push.JobChanges;
import dev.pulso.push.Outbound;
import dev.pulso.push.PushReport;
import dev.pulso.time.Deadline;
import dev.pulso.upkeep.UpkeepReport;
import dev.pulso.webhooks.DeliveryReport;
import dev.pulso.webhooks.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Pulso over one database, and the root that connects its parts. Opens the database on first use,
 * because a function that is still starting cannot read the secret with the connection string. Safe
 * for use by several threads.
 */
public final class Pulso implements AutoCloseable {
  private final Options options;

  /** Guarded by this; null until first use, and again after {@link #close}. */
  private Sharing sharing;

  /** Read without a lock. If two threads make one at once, either is used. */
  private volatile Services services;

  private Pulso(Options options) {
    this.options = options;
  }

  /**
   * How to open Pulso.
   *
   * @param observer receives each request and each run of upkeep
   * @param sharer connects to what processes share; called only if the settings name it
   * @param database opens the database on first use; closed with Pulso
   */
  public record Options(
      Settings settings, Observer observer, Function<Settings, Sharing> sharer, LiveDb database) {

    /** Options for these settings, without shared state and without an observer. */
    public static Options of(Settings settings) {
      LiveDb database = LiveDb.of(settings, System.getenv());
      return new Options(settings, Observer.none(), Sharing::inProcess, database);
    }

    public Options withObserver(Observer other) {
      return new Options(settings, other, sharer, database);
    }

    public Options withSharer(Function<Settings, Sharing> other) {
      return new Options(settings, observer, other, database);
    }

    public Options withDatabase(LiveDb other) {
      return new Options(settings, observer, sharer, other);
    }
  }

  public static Pulso open(Options options) {
    return new Pulso(options);
  }

  public Settings settings() {
    return options.settings;
  }

  public Observer observer() {
    return options.observer;
  }

  /** Returns the database, and opens it first if necessary. */
  public Db db() {
    return options.database.db();
  }

  /** Returns the services of the open database. They are made once per open database. */
  public Services services() {
    Db db = db();
    Services made = services;
    if (made == null || made.db() != db) {
      made = new Services(db, settings());
      services = made;
    }
    return made;
  }

  /**
   * Asks the services a question. If the server refuses the password, reads the secret again and,
   * if it changed, asks once more. The question may therefore run twice; every operation of the
   * services is safe to repeat.
   *
   * @throws MissingConnectionException when no connection string is configured
   */
  public <T> T ask(Function<Services, T> question) {
    return options.database.retrying(() -> question.apply(services()));
  }

  /** Runs upkeep once, for at most about this long. The report names the steps that failed. */
  public UpkeepReport runUpkeep(Duration budget) {
    Deadline deadline = Deadline.in(budget);
    Supplier<UpkeepReport> run = () -> ask(all -> all.upkeep().run(deadline));
    return observer().observe(UpkeepReport.ENDPOINT, run, UpkeepReport::measured);
  }

  /** Delivers events to webhooks until the deadline, and waits for attempts that have begun. */
  public DeliveryReport deliver(Transport transport, Deadline deadline) {
    Supplier<DeliveryReport> run =
        () -> ask(all -> all.webhooks().delivery().run(transport, deadline));
    return observer().observe(DeliveryReport.ENDPOINT, run, DeliveryReport::measured);
  }

  /**
   * Pushes to connected clients for about this long, or waits that long while another process does.
   *
   * @param outbound sends to them
   */
  public PushReport push(Outbound outbound, Duration budget) {
    Deadline deadline = Deadline.in(budget);
    Supplier<PushReport> run = () -> ask(all -> all.pusher().run(outbound, deadline));
    return observer().observe(PushReport.ENDPOINT, run, PushReport::measured);
  }

  /** Recounts those of these batches that clients watch, and returns how many. */
  public int recountEarly(List<String> batchIds, Duration budget) {
    return ask(all -> all.earlyRecounts().recount(batchIds, Deadline.in(budget)));
  }

  /**
   * Names the batches whose jobs change, as long as that is wanted.
   *
   * @throws com.mongodb.MongoException when the change stream ends
   */
  public void followJobs(BooleanSupplier isWanted, Consumer<Set<String>> named) {
    new JobChanges(db()).follow(isWanted, named);
  }

  /** Creates the missing indexes without a time limit, and returns their names. */
  public List<String> makeIndexes() {
    Indexes indexes = new Indexes(db());
    return indexes.make(indexes.missing()).names();
  }

  /** Returns the limit on polls. It does not use the database. */
  public PollLimit pollLimit() {
    return new PollLimit(sharing().pollLimiter());
  }

  /** Returns what processes share, and connects to it first if necessary. */
  public synchronized Sharing sharing() {
    if (sharing == null) {
      boolean isShared = settings().hasRedis();
      sharing = isShared ? options.sharer.apply(settings()) : Sharing.inProcess(settings());
    }
    return sharing;
  }

  /** Closes all connections. The next use opens them again. */
  @Override
  public synchronized void close() {
    options.database.close();
    if (sharing != null) {
      sharing.close();
      sharing = null;
    }
  }
}

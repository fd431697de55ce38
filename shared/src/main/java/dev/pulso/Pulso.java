package dev.pulso;

import dev.pulso.access.PollLimit;
import dev.pulso.config.MissingConnectionException;
import dev.pulso.config.Settings;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Indexes;
import dev.pulso.mongo.LiveDb;
import dev.pulso.observe.Observer;
import dev.pulso.time.Deadline;
import dev.pulso.upkeep.UpkeepReport;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All of Pulso over one database. The database is opened on first use, because a function that is
 * still starting can't read the secret with its address. Safe for use by several threads.
 */
public final class Pulso implements AutoCloseable {
  private final Options options;

  /** Guarded by the lock; null until it is needed, and again after {@link #close}. */
  private Sharing sharing;

  /** Read without a lock; if two threads make it at once, either one does. */
  private volatile Services services;

  private Pulso(Options options) {
    this.options = options;
  }

  /**
   * How to open Pulso.
   *
   * @param observer is told of each request and each run of upkeep
   * @param sharer reaches what processes share; called only if the settings say where that is
   * @param database opens the database on first use; closed with Pulso
   */
  public record Options(
      Settings settings, Observer observer, Function<Settings, Sharing> sharer, LiveDb database) {

    /** What the settings say, shared with no other process and observed by nobody. */
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

  /** The database, opened if it is not yet. */
  public Db db() {
    return options.database.db();
  }

  /** What is made once for the database as it is open now. */
  public Services services() {
    Db db = db();
    Services made = services;
    if (made == null || made.db() != db) {
      made = new Services(db, settings().dashboardZone());
      services = made;
    }
    return made;
  }

  /**
   * Asks the services something, and once more if the server refused the password and there is
   * another by now. All that services do may be repeated, in part or whole.
   *
   * @throws MissingConnectionException when nothing says where the database is
   */
  public <T> T ask(Function<Services, T> question) {
    return options.database.retrying(() -> question.apply(services()));
  }

  /** Runs upkeep once, for about that long at most; the report names the steps that failed. */
  public UpkeepReport runUpkeep(Duration budget) {
    Deadline deadline = Deadline.in(budget);
    Supplier<UpkeepReport> run = () -> ask(all -> all.upkeep().run(deadline));
    return observer().observe(UpkeepReport.ENDPOINT, run, UpkeepReport::measured);
  }

  /** Makes the indexes that are missing, however long that takes, and returns their names. */
  public List<String> makeIndexes() {
    Indexes indexes = new Indexes(db());
    return indexes.make(indexes.missing()).names();
  }

  /** Lets callers poll as often as agreed, without asking the database. */
  public PollLimit pollLimit() {
    return new PollLimit(sharing().pollLimiter());
  }

  /** What processes share, reached if it is not yet. */
  public synchronized Sharing sharing() {
    if (sharing == null) {
      boolean isShared = settings().redisUrl().isPresent();
      sharing = isShared ? options.sharer.apply(settings()) : Sharing.inProcess(settings());
    }
    return sharing;
  }

  /** Closes what is open; who asks afterwards opens it again. */
  @Override
  public synchronized void close() {
    options.database.close();
    if (sharing != null) {
      sharing.close();
      sharing = null;
    }
    observer().close();
  }
}

package dev.pulso;

import com.mongodb.MongoException;
import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.ForbiddenException;
import dev.pulso.access.PollLimit;
import dev.pulso.audit.AuditLog;
import dev.pulso.audit.Operators;
import dev.pulso.batch.Batches;
import dev.pulso.cancel.CancelCompletion;
import dev.pulso.cancel.CancelService;
import dev.pulso.cancel.JobCanceller;
import dev.pulso.cancel.PauseService;
import dev.pulso.catchup.CatchUp;
import dev.pulso.config.ConnectionSecret;
import dev.pulso.config.InvalidSettingException;
import dev.pulso.config.MissingConnectionException;
import dev.pulso.config.Settings;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.IndexBuild;
import dev.pulso.mongo.Indexes;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.LiveDb;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.observe.Log;
import dev.pulso.observe.MetricLines;
import dev.pulso.observe.Observer;
import dev.pulso.observe.Tracer;
import dev.pulso.overview.OverviewCache;
import dev.pulso.overview.OverviewService;
import dev.pulso.recount.Recounter;
import dev.pulso.start.Checkpoint;
import dev.pulso.start.ColdStart;
import dev.pulso.status.StatusService;
import dev.pulso.status.SummaryService;
import dev.pulso.time.Deadline;
import dev.pulso.upkeep.UpkeepMeasured;
import dev.pulso.upkeep.UpkeepReport;
import dev.pulso.upkeep.UpkeepService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All of Pulso over one database: builds what a handler asks for, and nothing else. The database is
 * opened on first use, because the secret that holds its address can't be read while a function is
 * still starting. Safe for use by several threads.
 */
public final class Pulso implements AutoCloseable {
  private final Settings settings;
  private final LiveDb live;
  private final Observer observer;
  private final Function<Settings, Sharing> sharer;
  private Sharing sharing;

  /** Read without a lock; when two threads make it at once, either one does. */
  private volatile Parts parts;

  private Pulso(
      Settings settings, LiveDb live, Observer observer, Function<Settings, Sharing> sharer) {
    this.settings = settings;
    this.live = live;
    this.observer = observer;
    this.sharer = sharer;
  }

  /** Pulso as the environment of this process says, which tells standard output what it does. */
  public static Pulso fromEnvironment() {
    return fromEnvironment(Sharing::inProcess);
  }

  /**
   * The same for a function that shares something with other processes.
   *
   * @param sharer reaches it; called only when the environment says where it is
   */
  public static Pulso fromEnvironment(Function<Settings, Sharing> sharer) {
    return fromEnvironment(System.getenv(), sharer);
  }

  /**
   * Pulso as these environment variables say. A value that they may not have is in the log, and
   * each request fails.
   */
  public static Pulso fromEnvironment(
      Map<String, String> environment, Function<Settings, Sharing> sharer) {
    Settings settings;
    try {
      settings = Settings.from(environment);
    } catch (InvalidSettingException e) {
      return misconfigured(e, environment.getOrDefault("STAGE", ""));
    }
    Pulso pulso = open(settings, observer(settings), sharer);
    if (Settings.isToBeFrozen(environment)) {
      Checkpoint.register(pulso);
    } else {
      ColdStart.prepare(pulso);
    }
    return pulso;
  }

  /** A function that can't start is a bare 500 to its callers; this one says 503 to each. */
  private static Pulso misconfigured(InvalidSettingException failure, String stage) {
    Log.error("invalid_setting", json -> json.text("detail", failure.getMessage()));
    Settings defaults = Settings.from(Map.of("STAGE", stage));
    Supplier<String> nowhere =
        () -> {
          throw new MissingConnectionException(failure.getMessage());
        };
    LiveDb live = new LiveDb(nowhere, uri -> Db.open(uri, defaults));
    return new Pulso(defaults, live, observer(defaults), Sharing::inProcess);
  }

  private static Observer observer(Settings settings) {
    return new Observer(
        MetricLines.toStandardOutput(settings.stage()),
        Tracer.of(settings.tracing(), settings.database()));
  }

  /** Pulso with these settings. */
  public static Pulso open(Settings settings) {
    return open(settings, Observer.none());
  }

  /** Pulso with these settings and somebody who is told what it does. */
  public static Pulso open(Settings settings, Observer observer) {
    return open(settings, observer, Sharing::inProcess);
  }

  /** The same for a process that shares something with others. */
  public static Pulso open(
      Settings settings, Observer observer, Function<Settings, Sharing> sharer) {
    return new Pulso(settings, live(settings, System.getenv()), observer, sharer);
  }

  /** Pulso with these settings in a process with these environment variables. */
  public static Pulso open(Settings settings, Map<String, String> environment) {
    return new Pulso(settings, live(settings, environment), Observer.none(), Sharing::inProcess);
  }

  private static LiveDb live(Settings settings, Map<String, String> environment) {
    return new LiveDb(
        () -> ConnectionSecret.read(settings, environment), uri -> Db.open(uri, settings));
  }

  /** Pulso over a database that is opened in a way of the caller's. */
  public static Pulso open(Settings settings, Function<Settings, Db> opener) {
    return open(settings, opener, Sharing::inProcess);
  }

  /** The same for a process that shares something with others. */
  public static Pulso open(
      Settings settings, Function<Settings, Db> opener, Function<Settings, Sharing> sharer) {
    LiveDb live = new LiveDb(() -> "", any -> opener.apply(settings));
    return new Pulso(settings, live, Observer.none(), sharer);
  }

  /** What it was told by its environment. */
  public Settings settings() {
    return settings;
  }

  /** Who is told what it does. */
  public Observer observer() {
    return observer;
  }

  /** Lets callers poll as often as agreed, without asking the database. */
  public PollLimit pollLimit() {
    return new PollLimit(sharing().pollLimiter());
  }

  /**
   * Answers a caller's polls of a batch.
   *
   * @throws ForbiddenException when the caller may not look at anything
   */
  public StatusService status(Caller caller) {
    return new StatusService(batches(caller.readable()), recounter());
  }

  /**
   * Sums up a batch for a caller.
   *
   * @throws ForbiddenException when the caller may not look at anything
   */
  public SummaryService summary(Caller caller) {
    Accounts readable = caller.readable();
    return new SummaryService(db(), batches(readable), recounter());
  }

  /** Cancels batches for a caller. */
  public CancelService cancel(Caller caller) {
    return new CancelService(
        db(),
        batches(caller.accounts()),
        operators(caller),
        canceller(),
        completion(),
        overviewCache());
  }

  /** Pauses and resumes batches for a caller. */
  public PauseService pause(Caller caller) {
    return new PauseService(db(), batches(caller.accounts()), operators(caller), overviewCache());
  }

  /** Answers the dashboard. */
  public OverviewService overview() {
    return parts().overview;
  }

  /** Keeps overviews for a while. */
  public OverviewCache overviewCache() {
    return sharing().overviews();
  }

  /** What processes share, reached if it is not yet. */
  public synchronized Sharing sharing() {
    if (sharing == null) {
      sharing =
          settings.redisUrl().isPresent() ? sharer.apply(settings) : Sharing.inProcess(settings);
    }
    return sharing;
  }

  private UpkeepService upkeep() {
    return new UpkeepService(
        db(),
        batches(Accounts.ALL),
        parts().indexBuild,
        completion(),
        canceller(),
        recounter(),
        catchUp());
  }

  /** One run of upkeep that takes about that long at most. */
  public UpkeepReport runUpkeep(Duration budget) {
    return runUpkeep(Deadline.in(budget));
  }

  /** One run of upkeep. A step that fails is named in its report, and not thrown. */
  public UpkeepReport runUpkeep(Deadline deadline) {
    return observer.observe(
        UpkeepMeasured.ENDPOINT, () -> retrying(() -> upkeep().run(deadline)), UpkeepMeasured::of);
  }

  /** Makes the indexes that are missing, however long that takes, and names them. */
  public List<String> makeIndexes() {
    Indexes indexes = new Indexes(db());
    return indexes.make(indexes.missing()).names();
  }

  /** The database, opened if it is not yet. */
  public Db db() {
    return live.db();
  }

  /**
   * Does a task, and does it once more over a connection with the password of now if the server
   * refuses the one it had. So the task has to be harmless when it is repeated, in part or whole,
   * as everything is that Pulso does.
   *
   * @throws MissingConnectionException when there is no password to be had
   */
  public <T> T retrying(Supplier<T> task) {
    Optional<Db> before = live.ifOpen();
    try {
      return task.get();
    } catch (MongoException e) {
      if (!ServerErrors.isUnauthenticated(e) || !live.renew(before.orElseGet(live::db))) {
        throw e;
      }
      return task.get();
    }
  }

  private Batches batches(Accounts visible) {
    return new Batches(db(), visible);
  }

  private Operators operators(Caller caller) {
    return new Operators(caller, new AuditLog(db()));
  }

  private Recounter recounter() {
    return parts().recounter;
  }

  private JobCanceller canceller() {
    Parts parts = parts();
    return new JobCanceller(parts.db, parts.jobIndexes);
  }

  private CancelCompletion completion() {
    return new CancelCompletion(db(), canceller(), recounter());
  }

  private CatchUp catchUp() {
    return parts().catchUp;
  }

  private Parts parts() {
    Db db = live.db();
    Parts made = parts;
    if (made == null || made.db != db) {
      JobIndexes jobIndexes = new JobIndexes(db);
      Recounter recounter = new Recounter(db, settings.dashboardZone(), jobIndexes);
      CatchUp catchUp = new CatchUp(db, jobIndexes, recounter, settings.dashboardZone());
      made =
          new Parts(
              db,
              jobIndexes,
              recounter,
              catchUp,
              new OverviewService(db, catchUp, settings.dashboardZone()),
              new IndexBuild(new Indexes(db)));
      parts = made;
    }
    return made;
  }

  @Override
  public synchronized void close() {
    live.close();
    if (sharing != null) {
      sharing.close();
      sharing = null;
    }
    observer.close();
  }

  /** What is made once for a connection, and what was learned about it. */
  private record Parts(
      Db db,
      JobIndexes jobIndexes,
      Recounter recounter,
      CatchUp catchUp,
      OverviewService overview,
      IndexBuild indexBuild) {}
}

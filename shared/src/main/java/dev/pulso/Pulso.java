package dev.pulso;

import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.ForbiddenException;
import dev.pulso.audit.AuditLog;
import dev.pulso.audit.Operators;
import dev.pulso.batch.Batches;
import dev.pulso.cancel.CancelCompletion;
import dev.pulso.cancel.CancelService;
import dev.pulso.cancel.JobCanceller;
import dev.pulso.catchup.CatchUp;
import dev.pulso.config.ConnectionSecret;
import dev.pulso.config.Settings;
import dev.pulso.limit.PollLimit;
import dev.pulso.log.MetricLines;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Indexes;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.observe.Observer;
import dev.pulso.overview.OverviewCache;
import dev.pulso.overview.OverviewService;
import dev.pulso.pause.PauseService;
import dev.pulso.recount.Recounter;
import dev.pulso.sharing.Sharing;
import dev.pulso.snapstart.Checkpoint;
import dev.pulso.status.StatusService;
import dev.pulso.summary.SummaryService;
import dev.pulso.time.Deadline;
import dev.pulso.trace.Tracer;
import dev.pulso.upkeep.UpkeepMeasured;
import dev.pulso.upkeep.UpkeepReport;
import dev.pulso.upkeep.UpkeepService;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * All of Pulso over one database: builds what a handler asks for, and nothing else. The database is
 * opened on first use, because the secret that holds its address can't be read while a function is
 * still starting. Safe for use by several threads.
 */
public final class Pulso implements AutoCloseable {
  private final Settings settings;
  private final Function<Settings, Db> opener;
  private final Observer observer;
  private final Function<Settings, Sharing> sharer;
  private Parts parts;
  private Sharing sharing;

  private Pulso(
      Settings settings,
      Function<Settings, Db> opener,
      Observer observer,
      Function<Settings, Sharing> sharer) {
    this.settings = settings;
    this.opener = opener;
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
    Settings settings = Settings.fromEnvironment();
    Pulso pulso =
        open(
            settings,
            new Observer(
                MetricLines.toStandardOutput(settings.stage()),
                Tracer.of(settings.tracing(), settings.database())),
            sharer);
    if (Settings.isToBeFrozen(System.getenv())) {
      Checkpoint.register(pulso);
    }
    return pulso;
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
    return new Pulso(settings, s -> Db.open(ConnectionSecret.read(s), s), observer, sharer);
  }

  /** Pulso over a database that is opened in a way of the caller's. */
  public static Pulso open(Settings settings, Function<Settings, Db> opener) {
    return open(settings, opener, Sharing::inProcess);
  }

  /** The same for a process that shares something with others. */
  public static Pulso open(
      Settings settings, Function<Settings, Db> opener, Function<Settings, Sharing> sharer) {
    return new Pulso(settings, opener, Observer.none(), sharer);
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
    return new SummaryService(db(), batches(caller.readable()), recounter());
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
    return new OverviewService(db(), catchUp(), settings.dashboardZone());
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
        new Indexes(db()),
        completion(),
        canceller(),
        recounter(),
        catchUp());
  }

  /** One run of upkeep that takes about that long at most, unless an index has to be built. */
  public UpkeepReport runUpkeep(Duration budget) {
    return runUpkeep(Deadline.in(budget), Duration.ofMinutes(30));
  }

  /**
   * One run of upkeep.
   *
   * @param forIndexes what building a missing index may take
   */
  public UpkeepReport runUpkeep(Deadline deadline, Duration forIndexes) {
    return observer.observe(
        UpkeepMeasured.ENDPOINT, () -> upkeep().run(deadline, forIndexes), UpkeepMeasured::of);
  }

  /** Makes the indexes that are missing, however long that takes, and names them. */
  public List<String> makeIndexes() {
    return new Indexes(db()).makeMissing(Duration.ofHours(2));
  }

  /** The database, opened if it is not yet. */
  public Db db() {
    return parts().db;
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
    return new JobCanceller(db());
  }

  private CancelCompletion completion() {
    return new CancelCompletion(db(), canceller(), recounter());
  }

  private CatchUp catchUp() {
    return new CatchUp(db(), parts().jobIndexes, recounter(), settings.dashboardZone());
  }

  private synchronized Parts parts() {
    if (parts == null) {
      Db db = opener.apply(settings);
      JobIndexes jobIndexes = new JobIndexes(db);
      parts = new Parts(db, jobIndexes, new Recounter(db, settings.dashboardZone(), jobIndexes));
    }
    return parts;
  }

  @Override
  public synchronized void close() {
    if (parts != null) {
      parts.db.close();
      parts = null;
    }
    if (sharing != null) {
      sharing.close();
      sharing = null;
    }
    observer.close();
  }

  /** What is made once: the connection, and what was learned about it. */
  private record Parts(Db db, JobIndexes jobIndexes, Recounter recounter) {}
}

package dev.pulso;

import dev.pulso.batch.AuditLog;
import dev.pulso.batch.BatchHistory;
import dev.pulso.batch.Batches;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.batch.Outbox;
import dev.pulso.cancel.CancelCompletion;
import dev.pulso.cancel.CancelService;
import dev.pulso.cancel.JobCanceller;
import dev.pulso.cancel.PauseService;
import dev.pulso.config.Settings;
import dev.pulso.config.WebhookKeys;
import dev.pulso.counting.Recounter;
import dev.pulso.counting.Refresh;
import dev.pulso.list.AccountList;
import dev.pulso.list.BatchList;
import dev.pulso.list.DetailsService;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.IndexBuild;
import dev.pulso.mongo.Indexes;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.operations.OperationRun;
import dev.pulso.operations.OperationService;
import dev.pulso.overview.OverviewService;
import dev.pulso.push.ClientService;
import dev.pulso.push.EarlyRecounts;
import dev.pulso.push.Pusher;
import dev.pulso.push.Tickets;
import dev.pulso.status.StatusService;
import dev.pulso.status.SummaryService;
import dev.pulso.upkeep.UpkeepService;
import dev.pulso.webhooks.Targets;
import dev.pulso.webhooks.Webhooks;
import java.time.ZoneId;
import java.util.function.Supplier;

/**
 * The services over one open database. Each is made on first use: a function needs few of them, and
 * loading the others would lengthen its start. Safe for use by several threads.
 */
public final class Services {
  private final Db db;
  private final Supplier<StatusService> status;
  private final Supplier<SummaryService> summary;
  private final Supplier<CancelService> cancel;
  private final Supplier<PauseService> pause;
  private final Supplier<OverviewService> overview;
  private final Supplier<DetailsService> details;
  private final Supplier<AccountList> accounts;
  private final Supplier<OperationService> operations;
  private final Supplier<BatchList> list;
  private final Supplier<Webhooks> webhooks;
  private final Supplier<UpkeepService> upkeep;
  private final Supplier<Tickets> tickets;
  private final Supplier<ClientService> clients;
  private final Supplier<Pusher> pusher;
  private final Supplier<EarlyRecounts> earlyRecounts;

  Services(Db db, Settings settings) {
    ZoneId zone = settings.dashboardZone();
    Batches batches = new Batches(db);
    Once<AuditLog> auditLog = new Once<>(() -> new AuditLog(db));
    Once<CancellationMarkers> markers =
        new Once<>(() -> new CancellationMarkers(db, batches, auditLog.get(), new Outbox(db)));
    JobIndexes jobIndexes = new JobIndexes(db);
    Once<Recounter> recounter = new Once<>(() -> new Recounter(db, zone, jobIndexes));
    Once<Refresh> refresh = new Once<>(() -> new Refresh(db, jobIndexes, recounter.get(), zone));
    Once<JobCanceller> jobs = new Once<>(() -> new JobCanceller(db, jobIndexes));
    Once<CancelCompletion> completion =
        new Once<>(() -> new CancelCompletion(db, markers.get(), jobs.get(), recounter.get()));
    this.db = db;
    this.status = new Once<>(() -> new StatusService(batches, recounter.get()));
    this.summary = new Once<>(() -> new SummaryService(db, batches, recounter.get()));
    this.cancel =
        new Once<>(
            () ->
                new CancelService(
                    batches, auditLog.get(), markers.get(), jobs.get(), completion.get()));
    this.pause = new Once<>(() -> new PauseService(batches, auditLog.get(), markers.get()));
    this.overview =
        new Once<>(() -> new OverviewService(db, jobIndexes, recounter.get(), refresh.get(), zone));
    this.details = new Once<>(() -> new DetailsService(status.get(), new BatchHistory(db)));
    this.accounts = new Once<>(() -> new AccountList(db));
    Once<OperationRun> operationRun =
        new Once<>(
            () ->
                new OperationRun(
                    db,
                    batches,
                    auditLog.get(),
                    markers.get(),
                    jobs.get(),
                    completion.get(),
                    recounter.get()));
    this.operations =
        new Once<>(() -> new OperationService(db, batches, auditLog.get(), operationRun.get()));
    this.list = new Once<>(() -> new BatchList(db, batches, recounter.get()));
    this.webhooks =
        new Once<>(
            () ->
                new Webhooks(
                    db,
                    auditLog.get(),
                    () -> WebhookKeys.read(settings, System.getenv()),
                    new Targets(settings.webhooks().toLoopback())));
    this.upkeep =
        new Once<>(
            () ->
                new UpkeepService(
                    db,
                    batches,
                    new IndexBuild(new Indexes(db)),
                    markers.get(),
                    completion.get(),
                    jobs.get(),
                    recounter.get(),
                    refresh.get(),
                    operationRun.get(),
                    webhooks.get()));
    this.tickets = new Once<>(() -> new Tickets(db, settings.access()));
    this.clients = new Once<>(() -> new ClientService(db, batches, settings.access()));
    this.earlyRecounts = new Once<>(() -> new EarlyRecounts(db, batches, recounter.get()));
    this.pusher =
        new Once<>(
            () ->
                new Pusher(
                    db, batches, settings.access(), recounter.get(), overview.get(), list.get()));
  }

  Db db() {
    return db;
  }

  public StatusService status() {
    return status.get();
  }

  public SummaryService summary() {
    return summary.get();
  }

  public CancelService cancel() {
    return cancel.get();
  }

  public PauseService pause() {
    return pause.get();
  }

  public OverviewService overview() {
    return overview.get();
  }

  public DetailsService details() {
    return details.get();
  }

  public AccountList accounts() {
    return accounts.get();
  }

  public BatchList list() {
    return list.get();
  }

  public OperationService operations() {
    return operations.get();
  }

  public Webhooks webhooks() {
    return webhooks.get();
  }

  public UpkeepService upkeep() {
    return upkeep.get();
  }

  public Tickets tickets() {
    return tickets.get();
  }

  public ClientService clients() {
    return clients.get();
  }

  public EarlyRecounts earlyRecounts() {
    return earlyRecounts.get();
  }

  public Pusher pusher() {
    return pusher.get();
  }

  /** A value that is made on first use. */
  private static final class Once<T> implements Supplier<T> {
    private final Supplier<T> maker;

    /** Written under the lock, read without it. */
    private volatile T made;

    Once(Supplier<T> maker) {
      this.maker = maker;
    }

    @Override
    public T get() {
      T part = made;
      if (part == null) {
        synchronized (this) {
          if (made == null) {
            made = maker.get();
          }
          part = made;
        }
      }
      return part;
    }
  }
}

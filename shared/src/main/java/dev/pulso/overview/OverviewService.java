package dev.pulso.overview;

import com.mongodb.MongoException;
import dev.pulso.counting.JobGroup;
import dev.pulso.counting.Recounter;
import dev.pulso.counting.Refresh;
import dev.pulso.counting.RefreshProgress;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.observe.Log;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Answers the dashboard from counters. If a refresh is due and quick, the caller runs it first;
 * otherwise upkeep does, and no caller waits. The batches of open cancels are recounted either way.
 */
public final class OverviewService {
  /** How long a caller waits for a refresh. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** A refresh or recount is quick if the last one took no longer than this. */
  private static final Duration QUICK = Duration.ofMillis(250);

  /** How long a caller waits for recounts of open cancels. */
  private static final Duration FOR_CANCELS = Duration.ofSeconds(1);

  /** How often in a row a first count may leave as many groups uncounted as before. */
  private static final int MOST_IN_VAIN = 2;

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final OverviewQuery query;
  private final CreatedToday createdToday;
  private final Recounter recounter;
  private final Refresh refresh;
  private final RecentActs acts;

  public OverviewService(
      Db db, JobIndexes indexes, Recounter recounter, Refresh refresh, ZoneId zone) {
    this.query = new OverviewQuery(db, zone);
    this.createdToday = new CreatedToday(db, indexes);
    this.recounter = recounter;
    this.refresh = refresh;
    this.acts = new RecentActs(db);
  }

  /**
   * Returns the figures of a view; an unknown account has zeros.
   *
   * @param deadline when to answer with what is counted by then
   */
  public Overview overview(View view, Deadline deadline) {
    OverviewAnswer answer = query.read(view, deadline);
    RefreshProgress progress = answer.progress();
    if (progress.isNone()) {
      countFirst(deadline);
    } else if (answer.isDue() && (progress.cost().compareTo(QUICK) <= 0 || answer.isSilent())) {
      refresh(deadline.orIn(PATIENCE), deadline.orIn(QUICK));
    } else if (!answer.isCancelOpen()) {
      return ofToday(view, answer, deadline);
    }
    if (answer.isCancelOpen()) {
      recountCancels(view, deadline.orIn(FOR_CANCELS));
    }
    return ofToday(view, query.read(view, deadline), deadline);
  }

  /**
   * Returns whether figures contain every cancel, pause and resume that was answered until now.
   *
   * @param readAt when they were read (UTC, the server's clock)
   */
  public boolean isCurrent(View view, Instant readAt) {
    return !acts.isAnySince(view, readAt);
  }

  /** Counts the few jobs of a new day that no refresh has counted. */
  private Overview ofToday(View view, OverviewAnswer answer, Deadline deadline) {
    Overview overview = answer.overview();
    if (!overview.isComplete() || answer.isOfToday()) {
      return overview;
    }
    return overview.withToday(createdToday.count(view, answer.midnight(), deadline));
  }

  /** Repeats while it helps: on a busy server, writes of the first counts land late. */
  private void countFirst(Deadline deadline) {
    int before = Integer.MAX_VALUE;
    int inVain = 0;
    while (true) {
      Optional<Refresh.Report> report = refresh.run(deadline);
      if (report.isEmpty()) {
        refresh.awaitOther(deadline);
        return;
      }
      int uncounted = report.get().uncounted();
      inVain = uncounted < before ? 0 : inVain + 1;
      if (uncounted == 0 || inVain == MOST_IN_VAIN) {
        return;
      }
      if (inVain > 0) {
        // Leases that landed late are released within that time.
        LockSupport.parkNanos(deadline.orIn(PAUSE).remaining().toNanos());
      }
      before = uncounted;
    }
  }

  /**
   * Recounts what open cancels did so far, as far as time and the duty cycle allow. Without it the
   * counters are only older.
   */
  private void recountCancels(View view, Deadline deadline) {
    try {
      for (JobGroup group : acts.openCancels(view, QUICK, deadline)) {
        if (deadline.passed()) {
          return;
        }
        recounter.recountIfDue(group, Duration.ZERO, deadline, IndependentWrites.PATIENCE);
      }
    } catch (MongoException e) {
      if (!ServerErrors.isTimeout(e)) {
        Log.failure("overview", Optional.empty(), "CANCELS_NOT_RECOUNTED", e);
      }
    }
  }

  /** A server may be too busy to refresh in time; stored counters can be shown even so. */
  private void refresh(Deadline patience, Deadline forOther) {
    ServerErrors.inTime(
        () -> {
          if (refresh.run(patience).isEmpty()) {
            refresh.awaitOther(forOther);
          }
          return true;
        },
        false);
  }
}

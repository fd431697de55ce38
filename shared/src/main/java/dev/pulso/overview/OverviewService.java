package dev.pulso.overview;

import dev.pulso.counting.Refresh;
import dev.pulso.counting.RefreshProgress;
import dev.pulso.mongo.Db;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Answers the dashboard from counters. If a refresh is due and quick, the caller runs it first;
 * otherwise upkeep does, and no caller waits.
 */
public final class OverviewService {
  /** How long a caller waits for a refresh. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** A refresh is quick if the last one took no longer than this. */
  private static final Duration QUICK = Duration.ofMillis(250);

  private final OverviewQuery query;
  private final CreatedToday createdToday;
  private final Refresh refresh;
  private final RecentActs acts;

  public OverviewService(Db db, Refresh refresh, ZoneId zone) {
    this.query = new OverviewQuery(db, zone);
    this.createdToday = new CreatedToday(db);
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
    } else {
      return ofToday(view, answer, deadline);
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
    return overview.withToday(createdToday.count(view, answer.midnight(), deadline.remaining()));
  }

  /** Repeats while it helps: on a busy server, writes of the first counts land late. */
  private void countFirst(Deadline deadline) {
    int before = Integer.MAX_VALUE;
    while (true) {
      Optional<Refresh.Report> report = refresh.run(deadline);
      if (report.isEmpty()) {
        refresh.awaitOther(deadline);
        return;
      }
      int uncounted = report.get().uncounted();
      if (uncounted == 0 || uncounted >= before) {
        return;
      }
      before = uncounted;
    }
  }

  private void refresh(Deadline patience, Deadline forOther) {
    if (refresh.run(patience).isEmpty()) {
      refresh.awaitOther(forOther);
    }
  }
}

package dev.pulso.overview;

import dev.pulso.catchup.CatchUp;
import dev.pulso.mongo.Db;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.ZoneId;

/**
 * Answers the dashboard from counters. When it is time to look what changed, one of the callers
 * does that first; how often, follows from what it costs.
 */
public final class OverviewService {
  /** What a caller is kept waiting for counters that are merely not the newest. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** What a caller is kept waiting while somebody else looks what changed. */
  private static final Duration GLANCE = Duration.ofMillis(250);

  private final OverviewQuery query;
  private final CatchUp catchUp;

  public OverviewService(Db db, CatchUp catchUp, ZoneId zone) {
    this.query = new OverviewQuery(db, zone);
    this.catchUp = catchUp;
  }

  /**
   * The figures of a view. An account that nobody knows has zeros.
   *
   * @param deadline by which to answer with what is counted by then
   */
  public Overview overview(View view, Deadline deadline) {
    OverviewQuery.Answer answer = query.read(view);
    if (!answer.isDue()) {
      return answer.overview();
    }
    boolean isFirst = answer.progress().isNone();
    Deadline patience = isFirst ? deadline : deadline.orIn(PATIENCE);
    if (catchUp.run(patience).isEmpty()) {
      catchUp.awaitOther(isFirst ? patience : patience.orIn(GLANCE));
    }
    return query.read(view).overview();
  }
}

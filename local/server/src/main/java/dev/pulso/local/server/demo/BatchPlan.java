package dev.pulso.local.server.demo;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bson.Document;

/**
 * One batch of the demo, and its jobs.
 *
 * @param jobs number of jobs by status, in a fixed order, so that a seed always gives the same data
 * @param reason the cancellation reason, if it was cancelled
 */
record BatchPlan(
    DemoAccount account,
    String name,
    String description,
    State state,
    int priority,
    Duration age,
    SortedMap<String, Integer> jobs,
    Optional<String> reason) {
  /** The state of the batch document. */
  enum State {
    ACTIVE(true),
    PAUSED(false),
    COMPLETED(false),
    CANCELLED(false),
    FRESH(true),
    /** Its jobs are gone, its counters stay. */
    ARCHIVED(false),
    /** Written by an old uploader: fields missing, null, or of another type. */
    OLD_SHAPE(true);

    final boolean active;

    State(boolean active) {
      this.active = active;
    }
  }

  /** Returns the initial batches: every state, and some unusual documents. */
  static List<BatchPlan> all() {
    return DemoContent.documents("batches").stream().map(BatchPlan::of).toList();
  }

  private static BatchPlan of(Document content) {
    SortedMap<String, Integer> jobs = new TreeMap<>();
    content.get("jobs", Document.class).forEach((status, n) -> jobs.put(status, (Integer) n));
    return new BatchPlan(
        DemoAccount.called(content.getString("account")),
        content.getString("name"),
        content.getString("description"),
        State.valueOf(content.getString("state")),
        content.getInteger("priority"),
        Duration.ofMinutes(content.getInteger("age_minutes")),
        jobs,
        Optional.ofNullable(content.getString("reason")));
  }

  int count(String... statuses) {
    return List.of(statuses).stream().mapToInt(status -> jobs.getOrDefault(status, 0)).sum();
  }

  int total() {
    return jobs.values().stream().mapToInt(Integer::intValue).sum();
  }
}

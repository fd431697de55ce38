package dev.pulso.local.server.demo;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One batch of the demo: how it is written down, and the jobs it gets.
 *
 * @param account whose it is
 * @param name its name
 * @param description what it is for
 * @param state how far it is
 * @param priority 1 normal, 2 high, 3 urgent
 * @param age how long ago it was uploaded
 * @param jobs how many jobs of which status it gets
 * @param reason why it was cancelled, if it was
 */
record BatchPlan(
    DemoAccounts account,
    String name,
    String description,
    State state,
    int priority,
    Duration age,
    Map<String, Integer> jobs,
    Optional<String> reason) {

  /** What the batch document shows. */
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

  BatchPlan(
      DemoAccounts account,
      String name,
      String description,
      State state,
      int priority,
      Duration age,
      Map<String, Integer> jobs) {
    this(account, name, description, state, priority, age, jobs, Optional.empty());
  }

  int count(String... statuses) {
    int sum = 0;
    for (String status : statuses) {
      sum += jobs.getOrDefault(status, 0);
    }
    return sum;
  }

  int total() {
    return jobs.values().stream().mapToInt(Integer::intValue).sum();
  }
}

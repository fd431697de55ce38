package dev.pulso.batch;

import dev.pulso.mongo.Lenient;
import java.util.List;
import java.util.Set;

/** The values of a job's status, as the database holds them. */
public final class JobStatus {
  public static final String PENDING = "pending";
  public static final String SCHEDULED = "scheduled";
  public static final String IN_PROGRESS = "in_progress";
  public static final String COMPLETED = "completed";
  public static final String DONE = "done";
  public static final String FAILED = "failed";
  public static final String SUSPENDED = "suspended";
  public static final String CANCELLED = "cancelled";

  /** Every status that the contract knows. */
  public static final List<String> ALL =
      List.of(PENDING, SCHEDULED, IN_PROGRESS, COMPLETED, DONE, FAILED, SUSPENDED, CANCELLED);

  /** Both names of success. */
  public static final Set<String> SUCCESS = Set.of(COMPLETED, DONE);

  /** What a cancel turns into {@code cancelled}. */
  public static final List<String> WAITING = List.of(PENDING, SCHEDULED);

  /** What keeps a batch from being finished. */
  public static final Set<String> OPEN = Set.of(PENDING, SCHEDULED, IN_PROGRESS);

  private JobStatus() {}

  /**
   * Returns what a job's status says. An array says the first of these that it holds: queries find
   * the job by it, those of workers too. Anything else says nothing.
   */
  public static String of(Object value) {
    return value instanceof List<?> several
        ? ALL.stream().filter(several::contains).findFirst().orElse("")
        : Lenient.text(value).orElse("");
  }
}

package dev.pulso.batch;

import dev.pulso.mongo.Lenient;
import java.util.List;
import java.util.Set;

/** The values of a job's status in the database. */
public final class JobStatus {
  public static final String PENDING = "pending";
  public static final String SCHEDULED = "scheduled";
  public static final String IN_PROGRESS = "in_progress";
  public static final String COMPLETED = "completed";
  public static final String DONE = "done";
  public static final String FAILED = "failed";
  public static final String SUSPENDED = "suspended";
  public static final String CANCELLED = "cancelled";

  /** Every status of the contract. */
  public static final List<String> ALL =
      List.of(PENDING, SCHEDULED, IN_PROGRESS, COMPLETED, DONE, FAILED, SUSPENDED, CANCELLED);

  /** Both names of success. */
  public static final Set<String> SUCCESS = Set.of(COMPLETED, DONE);

  /** The statuses that a cancel changes to {@code cancelled}. */
  public static final List<String> WAITING = List.of(PENDING, SCHEDULED);

  /** A batch with jobs in these statuses is not finished. */
  public static final Set<String> OPEN = Set.of(PENDING, SCHEDULED, IN_PROGRESS);

  private JobStatus() {}

  /**
   * Returns the status of a job. For an array it is the first known status in it, because queries
   * match each element, those of workers too. Other values have no status.
   */
  public static String of(Object value) {
    return value instanceof List<?> several
        ? ALL.stream().filter(several::contains).findFirst().orElse("")
        : Lenient.text(value).orElse("");
  }
}

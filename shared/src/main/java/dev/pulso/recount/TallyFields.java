package dev.pulso.recount;

/** Field names of {@code pulso_tallies}; the {@code _id} is the group's key. */
public final class TallyFields {
  /** The token of the recount whose figures stand here. */
  public static final String WRITTEN = "written";

  public static final String TAKEN_AT = "taken_at";
  public static final String COUNT_COST_MS = "count_cost_ms";
  public static final String SUMS_AT = "sums_at";
  public static final String SUMS_COST_MS = "sums_cost_ms";

  /** Whether jobs changed since the sums, which were too costly to be made again so soon. */
  public static final String SUMS_BEHIND = "sums_behind";

  public static final String TOTAL = "total";
  public static final String PENDING = "pending";
  public static final String COMPLETED = "completed";
  public static final String FAILED = "failed";
  public static final String CENTS = "cents";
  public static final String MS = "ms";
  public static final String ACCOUNTS = "accounts";

  /** The {@code account_id} in an entry of {@link #ACCOUNTS}; null: jobs of no account. */
  public static final String ACCOUNT = "id";

  /** For each midnight that somebody's zone has: the jobs that were created since. */
  public static final String DAYS = "days";

  public static final String SINCE = "since";
  public static final String AT = "at";
  public static final String CREATED = "n";

  /**
   * The run of the refresh that folded these figures into the totals of accounts; the greatest
   * long: none did yet, nor looked whether the batch has them.
   */
  public static final String OPEN_SEQ = "open_seq";

  /** What was folded into the totals of accounts; written by the refresh alone. */
  public static final String FOLDED = "folded";

  private TallyFields() {}
}

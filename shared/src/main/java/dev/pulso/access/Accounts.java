package dev.pulso.access;

import java.util.Optional;
import java.util.Set;

/**
 * The accounts whose batches and jobs a caller may see.
 *
 * @param only their ids; empty: every account, and batches without one
 */
public record Accounts(Optional<Set<String>> only) {
  /** Every account, and batches without one. */
  public static final Accounts ALL = new Accounts(Optional.empty());

  /** Returns exactly these accounts; an empty set sees nothing. */
  public static Accounts of(Set<String> accountIds) {
    return new Accounts(Optional.of(Set.copyOf(accountIds)));
  }

  /**
   * Returns one of these accounts.
   *
   * @throws ForeignAccountException when it is not among them
   */
  public Accounts narrowedTo(String accountId) {
    if (!contains(accountId)) {
      throw new ForeignAccountException();
    }
    return of(Set.of(accountId));
  }

  public boolean contains(String accountId) {
    return only.isEmpty() || only.get().contains(accountId);
  }
}

package dev.pulso.access;

import java.util.Optional;
import java.util.Set;

/**
 * The accounts whose batches and jobs a caller may see.
 *
 * @param only their ids; empty: every account, and what belongs to none
 */
public record Accounts(Optional<Set<String>> only) {
  /** Every account, and what belongs to none. */
  public static final Accounts ALL = new Accounts(Optional.empty());

  /** These accounts alone; of no id at all: nothing. */
  public static Accounts of(Set<String> accountIds) {
    return new Accounts(Optional.of(Set.copyOf(accountIds)));
  }

  /** Whether an account is among them. */
  public boolean contains(String accountId) {
    return only.isEmpty() || only.get().contains(accountId);
  }
}

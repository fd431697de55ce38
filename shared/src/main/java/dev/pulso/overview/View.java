package dev.pulso.overview;

import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.ForbiddenException;
import dev.pulso.access.ForeignAccountException;
import java.util.Optional;
import java.util.Set;

/**
 * What an overview is over. Two callers with equal views see the same figures.
 *
 * @param account the one account that was asked for; empty: all that the caller may see
 * @param accounts whose jobs and batches are counted
 */
public record View(Optional<String> account, Accounts accounts) {
  /** Everything. */
  public static final View ALL = new View(Optional.empty(), Accounts.ALL);

  /**
   * What a caller sees who asked for an account, or for none.
   *
   * @throws ForbiddenException when the caller may not look at anything
   * @throws ForeignAccountException when that account is not the caller's
   */
  public static View of(Caller caller, Optional<String> account) {
    Accounts readable = caller.readable();
    if (account.filter(id -> !readable.contains(id)).isPresent()) {
      throw new ForeignAccountException();
    }
    return new View(account, account.map(Set::of).map(Accounts::of).orElse(readable));
  }

  /**
   * Whether it shows the batches of an account.
   *
   * @param accountId the account; empty: what belongs to none
   */
  public boolean shows(Optional<String> accountId) {
    return accounts.only().isEmpty() || accountId.filter(accounts::contains).isPresent();
  }
}

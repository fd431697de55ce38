package dev.pulso.overview;

import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import java.util.Optional;

/**
 * The subject of an overview. Callers with equal views see the same figures.
 *
 * @param account the requested account; empty: all that the caller may see
 * @param accounts accounts whose jobs and batches count
 */
public record View(Optional<String> account, Accounts accounts) {
  public static final View ALL = new View(Optional.empty(), Accounts.ALL);

  /**
   * Returns the view of a caller who asks for one account, or for all.
   *
   * @throws ForbiddenException when the caller lacks the read scope
   * @throws ForeignAccountException when the account is not the caller's
   */
  public static View of(Caller caller, Optional<String> account) {
    return new View(account, caller.readable(account));
  }

  /**
   * Returns whether it contains the batches of an account.
   *
   * @param accountId empty: batches without an account
   */
  public boolean shows(Optional<String> accountId) {
    return accounts.only().isEmpty() || accountId.filter(accounts::contains).isPresent();
  }
}

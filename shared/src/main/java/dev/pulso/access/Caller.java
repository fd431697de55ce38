package dev.pulso.access;

import java.util.Optional;

/**
 * The caller, as the gateway verified it.
 *
 * @param subject the token's subject; empty for an anonymous caller
 * @param accounts whose batches and jobs the caller may see
 * @param mayRead whether the caller may read them
 * @param mayOperate whether the caller may cancel, pause and resume them, and their webhooks
 */
public record Caller(
    Optional<String> subject, Accounts accounts, boolean mayRead, boolean mayOperate) {
  /** The caller where no token is required: may see and do everything. */
  public static final Caller ANONYMOUS = new Caller(Optional.empty(), Accounts.ALL, true, true);

  /**
   * Returns the accounts that the caller may read.
   *
   * @throws ForbiddenException when the caller lacks the read scope
   */
  public Accounts readable() {
    if (!mayRead) {
      throw new ForbiddenException();
    }
    return accounts;
  }

  /**
   * Returns one account that the caller may read, or all of these if none is given.
   *
   * @throws ForbiddenException when the caller lacks the read scope
   * @throws ForeignAccountException when the account is not the caller's
   */
  public Accounts readable(Optional<String> account) {
    Accounts readable = readable();
    return account.map(readable::narrowedTo).orElse(readable);
  }
}

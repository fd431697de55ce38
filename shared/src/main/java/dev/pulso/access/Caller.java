package dev.pulso.access;

import java.util.Optional;

/**
 * Who calls, as the gateway verified it.
 *
 * @param subject the token's subject; empty for an anonymous caller
 * @param accounts whose batches and jobs the caller may see
 * @param mayRead whether the caller may look at them
 * @param mayOperate whether the caller may cancel, pause and resume them
 */
public record Caller(
    Optional<String> subject, Accounts accounts, boolean mayRead, boolean mayOperate) {
  /** Whoever calls where nobody has to say who they are: sees and may do everything. */
  public static final Caller ANONYMOUS = new Caller(Optional.empty(), Accounts.ALL, true, true);

  /**
   * What the caller may look at.
   *
   * @throws ForbiddenException when the caller may not look at anything
   */
  public Accounts readable() {
    if (!mayRead) {
      throw new ForbiddenException();
    }
    return accounts;
  }
}

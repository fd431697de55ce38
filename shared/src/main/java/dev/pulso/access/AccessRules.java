package dev.pulso.access;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rules that turn verified claims into a {@link Caller}.
 *
 * @param allowAnonymous whether callers without claims may do everything
 * @param accountsClaim the claim that lists the accounts a caller may see
 * @param readScope the scope or group that may read
 * @param operateScope the scope or group that may cancel, pause and resume
 * @param allAccountsScope the scope or group that sees every account
 */
public record AccessRules(
    boolean allowAnonymous,
    String accountsClaim,
    String readScope,
    String operateScope,
    String allAccountsScope) {
  /**
   * The claims in which issuers put scopes and groups: RFC 8693, Entra ID and Okta, Cognito,
   * others.
   */
  private static final List<String> GRANTS = List.of("scope", "scp", "cognito:groups", "groups");

  private static final String SUBJECT = "sub";

  /** Returns whether {@link #caller} reads the claim of this name. */
  public boolean reads(String claim) {
    return claim.equals(SUBJECT) || claim.equals(accountsClaim) || GRANTS.contains(claim);
  }

  /**
   * Returns the caller with these claims.
   *
   * @param claims as the gateway passes them on, all values strings; empty: there was no token
   * @throws UnauthenticatedException when there are none and anonymous callers are not allowed
   */
  public Caller caller(Map<String, String> claims) {
    if (claims.isEmpty()) {
      if (!allowAnonymous) {
        throw new UnauthenticatedException();
      }
      return Caller.ANONYMOUS;
    }
    Set<String> granted = new HashSet<>();
    GRANTS.forEach(name -> granted.addAll(ClaimValues.scopes(claims.get(name))));
    Set<String> accounts = ClaimValues.of(claims.get(accountsClaim));
    // One claim may list both, like Cognito's groups.
    accounts.removeAll(List.of(readScope, operateScope, allAccountsScope));
    return new Caller(
        Optional.ofNullable(claims.get(SUBJECT)).filter(subject -> !subject.isBlank()),
        granted.contains(allAccountsScope) ? Accounts.ALL : Accounts.of(accounts),
        granted.contains(readScope),
        granted.contains(operateScope));
  }
}

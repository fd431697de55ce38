package dev.pulso.access;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What verified claims allow.
 *
 * @param allowAnonymous whether somebody without claims may do everything
 * @param accountsClaim the claim that lists the accounts which a caller may see
 * @param readScope the scope or group that may look
 * @param operateScope the scope or group that may cancel, pause and resume
 * @param allAccountsScope the scope or group that sees every account
 */
public record AccessRules(
    boolean allowAnonymous,
    String accountsClaim,
    String readScope,
    String operateScope,
    String allAccountsScope) {
  /** Where issuers put scopes and groups: RFC 8693, Entra ID and Okta, Cognito, others. */
  private static final List<String> GRANTS = List.of("scope", "scp", "cognito:groups", "groups");

  /**
   * The caller that these claims of a verified token make.
   *
   * @param claims as the gateway passes them on, every value a string; empty: there was no token
   * @throws UnauthenticatedException when there are none, and anonymous callers are not allowed
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
    return new Caller(
        Optional.ofNullable(claims.get("sub")).filter(subject -> !subject.isBlank()),
        granted.contains(allAccountsScope)
            ? Accounts.ALL
            : Accounts.of(ClaimValues.of(claims.get(accountsClaim))),
        granted.contains(readScope),
        granted.contains(operateScope));
  }
}

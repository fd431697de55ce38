package dev.pulso.local.server.demo;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.pulso.access.AccessRules;
import dev.pulso.local.server.auth.TokenIssuer;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Users with valid and invalid tokens. */
public final class DemoUsers {
  /** The account of {@code reader} and {@code operator}. */
  public static final String ACCOUNT = "acc-chile-001";

  /** May do everything in {@link #ACCOUNT}. */
  public static final String OPERATOR = "operator";

  /** May do everything everywhere. */
  public static final String ALL = "all";

  private static final Duration LONG_PAST = Duration.ofDays(1);

  private final TokenIssuer issuer;
  private final AccessRules rules;
  private final Clock clock;

  /** Makes users of this issuer, with claims for these rules. */
  public DemoUsers(TokenIssuer issuer, AccessRules rules, Clock clock) {
    this.issuer = issuer;
    this.rules = rules;
    this.clock = clock;
  }

  /** Returns the tokens by user name, and some that are refused. */
  public Map<String, String> tokens() {
    Map<String, String> tokens = new LinkedHashMap<>(valid());
    JWTClaimsSet operator = operator();
    tokens.put("expired", issuer.sign(expired(operator)));
    tokens.put("wrong-issuer", issuer.sign(of("https://elsewhere.example", operator)));
    tokens.put("wrong-key", new TokenIssuer(clock).sign(operator));
    return tokens;
  }

  /** Returns the tokens of users who are let in, by name. */
  public Map<String, String> valid() {
    String read = rules.readScope();
    String operate = operate();
    Map<String, String> tokens = new LinkedHashMap<>();
    tokens.put("reader", issuer.sign(member("reader", ACCOUNT, read).build()));
    tokens.put(OPERATOR, issuer.sign(operator()));
    tokens.put("other", issuer.sign(member("other", "acc-peru-001", operate).build()));
    tokens.put(
        ALL,
        issuer.sign(
            issuer.claims(ALL).claim("scope", operate + " " + rules.allAccountsScope()).build()));
    return tokens;
  }

  private JWTClaimsSet operator() {
    return member(OPERATOR, ACCOUNT, operate()).build();
  }

  private String operate() {
    return rules.readScope() + " " + rules.operateScope();
  }

  private JWTClaimsSet.Builder member(String name, String account, String scope) {
    return issuer.claims(name).claim(rules.accountsClaim(), List.of(account)).claim("scope", scope);
  }

  private JWTClaimsSet expired(JWTClaimsSet claims) {
    Date then = Date.from(clock.instant().minus(LONG_PAST));
    return new JWTClaimsSet.Builder(claims).issueTime(then).expirationTime(then).build();
  }

  private static JWTClaimsSet of(String issuer, JWTClaimsSet claims) {
    return new JWTClaimsSet.Builder(claims).issuer(issuer).build();
  }
}

package dev.pulso.contract;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.pulso.config.Settings;
import dev.pulso.local.server.auth.TokenIssuer;
import dev.pulso.local.server.demo.DemoUsers;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All kinds of callers by name, with their tokens. */
final class Callers {
  static final String CHILE = "acc-chile-001";
  static final String PERU = "acc-peru-001";

  /** Callers who are rejected. */
  static final List<String> NOBODY =
      List.of("none", "garbage", "expired", "wrong-issuer", "wrong-key");

  private final Map<String, String> tokens = new HashMap<>();

  Callers(TokenIssuer issuer) {
    Settings defaults = Settings.from(Map.of());
    tokens.putAll(new DemoUsers(issuer, defaults.access(), Clock.systemUTC()).tokens());
    tokens.put("garbage", "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl");
    String operate = "pulso:read pulso:operate";
    tokens.put(
        "both", issuer.sign(member(issuer, "both", CHILE, PERU).claim("scope", operate).build()));
    tokens.put("scopeless", issuer.sign(member(issuer, "scopeless", CHILE).build()));
    tokens.put(
        "accountless", issuer.sign(issuer.claims("accountless").claim("scope", operate).build()));
    tokens.put(
        "operates",
        issuer.sign(member(issuer, "operates", CHILE).claim("scope", "pulso:operate").build()));
  }

  private static JWTClaimsSet.Builder member(TokenIssuer issuer, String name, String... accounts) {
    return issuer.claims(name).claim("account_ids", List.of(accounts));
  }

  /** Returns the header of a caller; empty for {@code none}. */
  Optional<String> authorization(String name) {
    return name.equals("none")
        ? Optional.empty()
        : Optional.of("Bearer " + Optional.ofNullable(tokens.get(name)).orElseThrow());
  }
}

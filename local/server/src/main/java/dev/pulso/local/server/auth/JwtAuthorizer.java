package dev.pulso.local.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.pulso.local.server.http.Authorizer;
import dev.pulso.local.server.http.UnauthorizedException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Accepts and rejects tokens like the JWT authorizer of an HTTP API (API Gateway developer guide,
 * "Control access to HTTP APIs with JWT authorizers"). It does not check scopes, because no route
 * requires one: the functions decide what a token allows.
 */
final class JwtAuthorizer implements Authorizer {
  private static final String SCHEME = "Bearer ";
  private static final String AUDIENCE_CLAIM = "aud";
  private static final String CLIENT_CLAIM = "client_id";

  private final String issuer;
  private final String audience;
  private final JWKSet keys;
  private final Clock clock;

  JwtAuthorizer(String issuer, String audience, JWKSet keys, Clock clock) {
    this.issuer = issuer;
    this.audience = audience;
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public Optional<Map<String, String>> claims(Optional<String> authorization)
      throws UnauthorizedException {
    String token =
        authorization
            .map(JwtAuthorizer::withoutScheme)
            .filter(text -> !text.isEmpty())
            .orElseThrow(UnauthorizedException::withoutToken);
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      require(isSigned(jwt), "the token is not signed with a key of the issuer");
      check(jwt.getJWTClaimsSet());
      return Optional.of(ClaimStrings.of(jwt.getPayload().toJSONObject()));
    } catch (ParseException e) {
      throw UnauthorizedException.invalidToken("the token is not a signed JWT");
    }
  }

  /** The gateway accepts a token with the scheme, in any case, or without it. */
  private static String withoutScheme(String authorization) {
    return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? authorization.substring(SCHEME.length()).strip()
        : authorization.strip();
  }

  private boolean isSigned(SignedJWT jwt) {
    JWK key = keys.getKeyByKeyId(jwt.getHeader().getKeyID());
    try {
      // The key determines the algorithm, not the token.
      return key instanceof RSAKey rsa
          && JWSAlgorithm.RS256.equals(jwt.getHeader().getAlgorithm())
          && jwt.verify(new RSASSAVerifier(rsa));
    } catch (JOSEException e) {
      return false;
    }
  }

  private void check(JWTClaimsSet claims) throws UnauthorizedException {
    Instant now = clock.instant();
    require(issuer.equals(claims.getIssuer()), "the token has another issuer");
    require(isForUs(claims), "the token does not have a valid audience");
    require(
        holds(claims.getExpirationTime(), now::isBefore).orElse(false), "the token has expired");
    require(
        holds(claims.getNotBeforeTime(), t -> !now.isBefore(t)).orElse(true),
        "the token is not valid yet");
    require(
        holds(claims.getIssueTime(), t -> !now.isBefore(t)).orElse(true),
        "the token was issued in the future");
  }

  private static Optional<Boolean> holds(Date time, Predicate<Instant> rule) {
    return Optional.ofNullable(time).map(Date::toInstant).map(rule::test);
  }

  /** The client id counts only without an audience. */
  private boolean isForUs(JWTClaimsSet claims) {
    return claims.getClaims().containsKey(AUDIENCE_CLAIM)
        ? claims.getAudience().contains(audience)
        : audience.equals(claims.getClaim(CLIENT_CLAIM));
  }

  private static void require(boolean holds, String otherwise) throws UnauthorizedException {
    if (!holds) {
      throw UnauthorizedException.invalidToken(otherwise);
    }
  }
}

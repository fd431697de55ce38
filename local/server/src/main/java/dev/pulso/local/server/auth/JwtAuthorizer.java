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
 * Takes and refuses tokens as the JWT authorizer of an HTTP API does, whose rules stand in the
 * developer guide under "Control access to HTTP APIs with JWT authorizers". Scopes are not among
 * them, because no route asks for one: what a token allows is for the functions to decide.
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
      throw UnauthorizedException.invalidToken("the token is no signed JWT");
    }
  }

  /** The gateway takes a token with the scheme before it, in any case, and a bare one. */
  private static String withoutScheme(String authorization) {
    return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? authorization.substring(SCHEME.length()).strip()
        : authorization.strip();
  }

  private boolean isSigned(SignedJWT jwt) {
    JWK key = keys.getKeyByKeyId(jwt.getHeader().getKeyID());
    try {
      // The algorithm is the key's, whatever the token says.
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
        "the token is of the future");
  }

  private static Optional<Boolean> holds(Date time, Predicate<Instant> rule) {
    return Optional.ofNullable(time).map(Date::toInstant).map(rule::test);
  }

  /** The client's id counts only where no audience is named. */
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

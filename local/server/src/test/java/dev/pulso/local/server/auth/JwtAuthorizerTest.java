package dev.pulso.local.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.pulso.local.server.http.UnauthorizedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the JWT authorizer of an HTTP API, one by one. */
class JwtAuthorizerTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String ISSUER = "https://login.example";
  private static final String AUDIENCE = "pulso";
  private static final String KEY_ID = "k1";
  private static final RSAKey KEY = key();
  private static final RSAKey FOREIGN_KEY = key();

  private final JwtAuthorizer authorizer =
      new JwtAuthorizer(
          ISSUER, AUDIENCE, new JWKSet(KEY.toPublicJWK()), Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void schemeOfValidTokenIsOptional() throws Exception {
    String token = token(claims -> claims.claim("scope", "a b").claim("n", 7));
    for (String header : List.of("Bearer " + token, "bearer " + token, "BEARER  " + token, token)) {
      assertThat(authorizer.claims(Optional.of(header)).orElseThrow())
          .containsEntry("iss", ISSUER)
          .containsEntry("sub", "u")
          .containsEntry("scope", "a b")
          .containsEntry("exp", Long.toString(NOW.plusSeconds(60).getEpochSecond()))
          .containsEntry("n", "7");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "Bearer ", "Bearer   ", "bearer "})
  void missingTokenGetsPlainChallenge(String header) {
    assertChallenge(Optional.of(header), "Bearer");
    assertChallenge(Optional.empty(), "Bearer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Bearer x", "Bearer a.b.c", "Basic dXNlcjpwYXNz", "Bearer ..", "Bearer null"})
  void garbageIsRefused(String header) {
    assertRefused(header, "not a signed JWT");
  }

  @Test
  void twoTokensAreRefused() throws JOSEException {
    String token = token(claims -> claims);
    assertThatThrownBy(() -> authorizer.claims(Optional.of("Bearer " + token + ",Bearer " + token)))
        .isInstanceOf(UnauthorizedException.class);
  }

  @Test
  void otherIssuersAreRefused() throws JOSEException {
    assertRefused(token(claims -> claims.issuer("https://login.example/")), "another issuer");
    assertRefused(token(claims -> claims.issuer(null)), "another issuer");
  }

  @Test
  void clientIdReplacesMissingAudience() throws Exception {
    assertTaken(token(claims -> claims.audience(List.of("x", AUDIENCE))));
    assertTaken(token(claims -> claims.audience((String) null).claim("client_id", AUDIENCE)));
    assertRefused(token(claims -> claims.audience("x")), "valid audience");
    assertRefused(
        token(claims -> claims.audience("x").claim("client_id", AUDIENCE)), "valid audience");
    assertRefused(
        token(claims -> claims.audience((String) null).claim("client_id", "x")), "valid audience");
    assertRefused(token(claims -> claims.audience((String) null)), "valid audience");
  }

  @Test
  void expiryMustBeInTheFuture() throws Exception {
    assertTaken(token(claims -> claims.expirationTime(at(Duration.ofSeconds(1)))));
    assertRefused(token(claims -> claims.expirationTime(at(Duration.ZERO))), "expired");
    assertRefused(token(claims -> claims.expirationTime(null)), "expired");
  }

  @Test
  void futureTokensAreRefused() throws Exception {
    assertTaken(token(claims -> claims.notBeforeTime(at(Duration.ZERO)).issueTime(null)));
    assertRefused(
        token(claims -> claims.notBeforeTime(at(Duration.ofSeconds(1)))), "not valid yet");
    assertRefused(
        token(claims -> claims.issueTime(at(Duration.ofSeconds(1)))), "issued in the future");
  }

  @Test
  void signatureMustMatchNamedKey() throws Exception {
    assertRefused(signed(KEY_ID, JWSAlgorithm.RS256, new RSASSASigner(FOREIGN_KEY)), "not signed");
    assertRefused(signed("k2", JWSAlgorithm.RS256, new RSASSASigner(KEY)), "not signed");
    assertRefused(signed(null, JWSAlgorithm.RS256, new RSASSASigner(KEY)), "not signed");
  }

  @Test
  void tokenCannotChooseAlgorithm() throws Exception {
    byte[] publicKey = KEY.toRSAPublicKey().getEncoded();
    assertRefused(signed(KEY_ID, JWSAlgorithm.HS256, new MACSigner(publicKey)), "not signed");
    assertRefused(signed(KEY_ID, JWSAlgorithm.PS256, new RSASSASigner(KEY)), "not signed");
    assertRefused(new PlainJWT(holding().build()).serialize(), "not a signed JWT");
  }

  @Test
  void changedTokenIsRefused() throws JOSEException {
    String[] reader = token(claims -> claims.claim("scope", "pulso:read")).split("\\.");
    String[] all = token(claims -> claims.claim("scope", "pulso:all-accounts")).split("\\.");
    assertRefused(reader[0] + "." + all[1] + "." + reader[2], "not signed");
    assertRefused(reader[0] + "." + all[1] + ".", "");
  }

  private void assertTaken(String token) throws UnauthorizedException {
    assertThat(authorizer.claims(Optional.of("Bearer " + token)).map(Map::size).orElse(0))
        .isPositive();
  }

  private void assertRefused(String header, String why) {
    assertThatThrownBy(() -> authorizer.claims(Optional.of(header)))
        .isInstanceOf(UnauthorizedException.class)
        .hasMessageContaining(why);
  }

  private void assertChallenge(Optional<String> header, String challenge) {
    assertThatThrownBy(() -> authorizer.claims(header))
        .isInstanceOfSatisfying(
            UnauthorizedException.class, e -> assertThat(e.challenge()).isEqualTo(challenge));
  }

  private static JWTClaimsSet.Builder holding() {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .subject("u")
        .issueTime(at(Duration.ofSeconds(-60)))
        .expirationTime(at(Duration.ofSeconds(60)));
  }

  private static Date at(Duration fromNow) {
    return Date.from(NOW.plus(fromNow));
  }

  private static String token(UnaryOperator<JWTClaimsSet.Builder> change) throws JOSEException {
    return signed(
        KEY_ID, JWSAlgorithm.RS256, new RSASSASigner(KEY), change.apply(holding()).build());
  }

  private static String signed(String keyId, JWSAlgorithm algorithm, JWSSigner signer)
      throws JOSEException {
    return signed(keyId, algorithm, signer, holding().build());
  }

  private static String signed(
      String keyId, JWSAlgorithm algorithm, JWSSigner signer, JWTClaimsSet claims)
      throws JOSEException {
    SignedJWT jwt = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims);
    jwt.sign(signer);
    return jwt.serialize();
  }

  private static RSAKey key() {
    try {
      return new RSAKeyGenerator(2048).keyID(KEY_ID).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }
}

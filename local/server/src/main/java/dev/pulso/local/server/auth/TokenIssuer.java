package dev.pulso.local.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.pulso.local.server.http.Authorizer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/**
 * An identity provider. Signs tokens with a key that it creates and never stores, so its tokens are
 * valid only during its lifetime.
 */
public final class TokenIssuer {
  /** The issuer in tokens; the address need not exist. */
  static final String ISSUER = "https://login.pulso.example";

  static final String AUDIENCE = "pulso";
  static final String KEY_ID = "demo";

  /** Longer than any run. */
  private static final Duration LIFETIME = Duration.ofDays(30);

  private static final int KEY_BITS = 2048;

  private final RSAKey key;
  private final Clock clock;

  public TokenIssuer(Clock clock) {
    this.clock = clock;
    try {
      this.key =
          new RSAKeyGenerator(KEY_BITS)
              .keyID(KEY_ID)
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.RS256)
              .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("This Java cannot make RSA keys.", e);
    }
  }

  /** Returns the authorizer of functions that trust this issuer. */
  public Authorizer authorizer() {
    return new JwtAuthorizer(ISSUER, AUDIENCE, new JWKSet(key.toPublicJWK()), clock);
  }

  /** Returns the claims of a token that is valid now, to be extended. */
  public JWTClaimsSet.Builder claims(String subject) {
    Instant now = clock.instant();
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .subject(subject)
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(LIFETIME)));
  }

  /** Returns the token with these claims. */
  public String sign(JWTClaimsSet claims) {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(KEY_ID).build();
    SignedJWT token = new SignedJWT(header, claims);
    try {
      token.sign(new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("This Java cannot sign with RSA keys.", e);
    }
    return token.serialize();
  }
}

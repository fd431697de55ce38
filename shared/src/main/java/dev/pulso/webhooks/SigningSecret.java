package dev.pulso.webhooks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret of a webhook, which signs its deliveries (Standard Webhooks 1.0, symmetric). */
final class SigningSecret {
  private static final String PREFIX = "whsec_";
  private static final int BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] bytes;

  SigningSecret(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Returns a new secret. */
  static SigningSecret random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new SigningSecret(bytes);
  }

  byte[] bytes() {
    return bytes;
  }

  /** Returns the text that its owner sees once. */
  String text() {
    return PREFIX + Base64.getEncoder().encodeToString(bytes);
  }

  /** Returns one signature of a delivery. */
  String sign(String id, Instant timestamp, String body) {
    String signed = id + "." + timestamp.getEpochSecond() + "." + body;
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(bytes, ALGORITHM));
      byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** Returns no part of the secret. */
  @Override
  public String toString() {
    return PREFIX + "…";
  }
}

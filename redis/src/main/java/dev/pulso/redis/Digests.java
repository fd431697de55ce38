package dev.pulso.redis;

import dev.pulso.text.Hash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes as lower-case hex digits. */
final class Digests {
  private static final int ENOUGH = 32;

  private Digests() {}

  /** Returns the SHA-1, by which Redis identifies a script. */
  static String sha1(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-1.", e);
    }
  }

  /**
   * Returns a hash that replaces a text in a key: it hides the text, and no other text has the
   * same.
   */
  static String of(String text) {
    return HexFormat.of().formatHex(Hash.sha256(text)).substring(0, ENOUGH);
  }
}

package dev.pulso.redis;

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
    return digest("SHA-1", text);
  }

  /**
   * Returns a hash that replaces a text in a key: it hides the text, and no other text has the
   * same.
   */
  static String of(String text) {
    return digest("SHA-256", text).substring(0, ENOUGH);
  }

  private static String digest(String algorithm, String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the algorithm is missing, though every Java has it", e);
    }
  }
}

package dev.pulso.webhooks;

import dev.pulso.text.Hash;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts secrets of webhooks with AES-256-GCM, each bound to its webhook. The first key encrypts,
 * every key decrypts. A key is the SHA-256 of a long random text; its id is a hash of its own.
 */
final class SecretBox {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int ID_BYTES = 6;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Map<String, SecretKeySpec> keys = new LinkedHashMap<>();

  /**
   * Makes a box of these keys.
   *
   * @param texts random texts of at least 128 bits; the first encrypts
   */
  SecretBox(List<String> texts) {
    for (String text : texts) {
      byte[] key = Hash.sha256(text);
      byte[] id = Hash.sha256("id of " + HexFormat.of().formatHex(key));
      keys.put(HexFormat.of().formatHex(id, 0, ID_BYTES), new SecretKeySpec(key, "AES"));
    }
  }

  /**
   * An encrypted secret.
   *
   * @param keyId the id of its key
   * @param bytes nonce, ciphertext and tag
   */
  record Encrypted(String keyId, byte[] bytes) {}

  /** Returns whether this is the id of the key that encrypts. */
  boolean isNewest(Object keyId) {
    return keys.keySet().stream().findFirst().filter(newest -> newest.equals(keyId)).isPresent();
  }

  /** Encrypts a secret of a webhook. */
  Encrypted encrypt(SigningSecret secret, String webhook) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    String keyId = keys.keySet().iterator().next();
    try {
      byte[] text = run(Cipher.ENCRYPT_MODE, keyId, nonce, webhook, secret.bytes());
      byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + text.length);
      System.arraycopy(text, 0, all, NONCE_BYTES, text.length);
      return new Encrypted(keyId, all);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + CIPHER, e);
    }
  }

  /** Decrypts a secret of a webhook; empty when its key is missing, or it was changed. */
  Optional<SigningSecret> decrypt(Encrypted encrypted, String webhook) {
    if (!keys.containsKey(encrypted.keyId) || encrypted.bytes.length <= NONCE_BYTES) {
      return Optional.empty();
    }
    byte[] nonce = Arrays.copyOf(encrypted.bytes, NONCE_BYTES);
    byte[] rest = Arrays.copyOfRange(encrypted.bytes, NONCE_BYTES, encrypted.bytes.length);
    try {
      return Optional.of(
          new SigningSecret(run(Cipher.DECRYPT_MODE, encrypted.keyId, nonce, webhook, rest)));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private byte[] run(int mode, String keyId, byte[] nonce, String webhook, byte[] input)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, keys.get(keyId), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(webhook.getBytes(StandardCharsets.UTF_8));
    return cipher.doFinal(input);
  }
}

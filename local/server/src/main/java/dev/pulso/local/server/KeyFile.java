package dev.pulso.local.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The key that encrypts secrets of webhooks on this machine, in a file that only its user reads.
 */
final class KeyFile {
  private static final int BYTES = 32;

  private KeyFile() {}

  /**
   * Returns the key. Makes it at the first start, readable by this user only, as temporary files
   * are.
   *
   * @throws StartException when the file cannot be read or written
   */
  static String read(Path file) {
    try {
      if (!Files.exists(file)) {
        Files.createDirectories(file.getParent());
        Path fresh = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".new");
        byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        Files.writeString(fresh, HexFormat.of().formatHex(key) + "\n");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new StartException("Cannot read or write the key of webhooks, " + file + ".", e);
    }
  }
}

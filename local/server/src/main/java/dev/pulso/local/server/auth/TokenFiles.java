package dev.pulso.local.server.auth;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * Writes tokens to files: each to {@code tokens/NAME}, and all to {@code tokens.json}. Only the
 * current user can read them.
 */
public final class TokenFiles {
  private final Path home;

  /** Uses this folder, and creates it if necessary. */
  public TokenFiles(Path home) {
    this.home = home;
  }

  /** Returns the file with all tokens, a JSON object. */
  public Path all() {
    return home.resolve("tokens.json");
  }

  /** Returns the file with one token. */
  public Path of(String name) {
    return home.resolve("tokens").resolve(name);
  }

  /**
   * Writes tokens by name, and replaces those of an earlier run.
   *
   * @throws IOException when a file cannot be written
   */
  public void write(Map<String, String> tokens) throws IOException {
    for (Map.Entry<String, String> token : tokens.entrySet()) {
      write(of(token.getKey()), token.getValue());
    }
    write(all(), JSONObjectUtils.toJSONString(tokens));
  }

  /** Writes atomically, and never readable by others: temporary files are created private. */
  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Path fresh = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".new");
    Files.writeString(fresh, text + "\n");
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}

package dev.pulso.local.server.auth;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * Writes tokens where a shell finds them, each in a file {@code tokens/NAME} and all in {@code
 * tokens.json}; only the user who runs this can read them.
 */
public final class TokenFiles {
  private final Path home;

  /** In this folder, which is made if it is not there. */
  public TokenFiles(Path home) {
    this.home = home;
  }

  /** The file with all tokens, a JSON object. */
  public Path all() {
    return home.resolve("tokens.json");
  }

  /** The file with one token and nothing else. */
  public Path of(String name) {
    return home.resolve("tokens").resolve(name);
  }

  /**
   * Writes these tokens by their names, over those of an earlier run.
   *
   * @throws IOException when a file can't be written
   */
  public void write(Map<String, String> tokens) throws IOException {
    for (Map.Entry<String, String> token : tokens.entrySet()) {
      write(of(token.getKey()), token.getValue());
    }
    write(all(), JSONObjectUtils.toJSONString(tokens));
  }

  /** Never in parts, and never readable by others: temporary files begin that way. */
  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Path fresh = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".new");
    Files.writeString(fresh, text + "\n");
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}

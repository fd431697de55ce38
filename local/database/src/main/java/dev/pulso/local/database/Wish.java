package dev.pulso.local.database;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A request for a server: one that keeps its data in a folder, or, without a folder, one for the
 * lifetime of the JVM.
 */
record Wish(Optional<Path> folder, Map<String, String> environment, Consumer<String> progress) {

  /** Reports a slow or unexpected step. */
  void say(String line) {
    progress.accept(line);
  }

  /** Reports why a source failed; not in tests, which accept any source. */
  void sayWhyNot(String line) {
    if (folder.isPresent()) {
      progress.accept(line);
    }
  }
}

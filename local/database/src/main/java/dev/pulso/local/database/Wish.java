package dev.pulso.local.database;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a caller wants from a server: to keep its data in a folder, or, without a folder, to be
 * thrown away with the JVM.
 */
record Wish(Optional<Path> folder, Map<String, String> environment, Consumer<String> progress) {

  /** Tells of what takes long or is not as one expects. */
  void say(String line) {
    progress.accept(line);
  }

  /** Tells why a way was not taken; tests, which any way suits, don't want to hear it. */
  void sayWhyNot(String line) {
    if (folder.isPresent()) {
      progress.accept(line);
    }
  }
}

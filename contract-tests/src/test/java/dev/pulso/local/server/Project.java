package dev.pulso.local.server;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the project is, whatever folder a test was started in. */
public final class Project {
  private Project() {}

  /** The folder that holds {@code ./run}. */
  public static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("template.yaml"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}

package dev.pulso.local.server;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the project folder from any working directory. */
public final class Project {
  private Project() {}

  /** Returns the folder of {@code ./run}. */
  public static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("template.yaml"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}

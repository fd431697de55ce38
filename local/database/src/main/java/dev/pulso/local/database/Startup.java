package dev.pulso.local.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits until a server process listens, by its log. An open port proves nothing: another program
 * may have it.
 */
final class Startup {
  /** The log message of a listening mongod. */
  static final String MONGOD = "Waiting for connections";

  static final String REDIS = "Ready to accept connections";

  private static final String TAKEN = "Address already in use";
  static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

  private Startup() {}

  /**
   * Returns when the log contains the message.
   *
   * @throws PortTakenException when the process ended because another program has its port
   * @throws NotThisWayException when it ended for another reason, or takes too long
   */
  static void await(Process process, int port, Path log, String sign)
      throws PortTakenException, NotThisWayException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      boolean alive = process.isAlive();
      String text = read(log);
      if (alive && text.contains(sign)) {
        return;
      }
      if (!alive && text.contains(TAKEN)) {
        throw new PortTakenException(port);
      }
      if (!alive) {
        throw new NotThisWayException("it ended while starting (" + reason(text) + ")");
      }
      if (System.nanoTime() > end) {
        throw new NotThisWayException(
            "it does not listen within " + LIMIT.toSeconds() + " s (" + reason(text) + ")");
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  private static String reason(String text) {
    return MongodLog.reason(text.lines().toList());
  }

  private static String read(Path log) throws NotThisWayException {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new NotThisWayException("its log cannot be read: " + e.getMessage(), e);
    }
  }
}

package dev.pulso.local.database;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;

/**
 * Starts servers on free loopback ports. Another program may take a free port before the server
 * does; then the server gets another one.
 */
public final class FreePort {
  private static final int TRIES = 20;

  /**
   * Linux and macOS use no port below 32768 for outgoing connections, so a restarted server finds
   * its port free.
   */
  private static final int LOWEST = 20_000;

  private static final int HIGHEST = 32_000;

  private FreePort() {}

  /**
   * Starts a server on a port.
   *
   * @param <T> the started server
   * @param <E> the failure on any port
   */
  @FunctionalInterface
  public interface Attempt<T, E extends Exception> {
    T on(int port) throws PortTakenException, E;
  }

  /** Tries free ports until one is not taken. */
  public static <T, E extends Exception> T start(Attempt<T, E> attempt) throws E {
    return start(FreePort::any, attempt);
  }

  static <T, E extends Exception> T start(IntSupplier ports, Attempt<T, E> attempt) throws E {
    IllegalStateException failure = new IllegalStateException("all tried ports are taken");
    for (int i = 0; i < TRIES; i++) {
      try {
        return attempt.on(ports.getAsInt());
      } catch (PortTakenException e) {
        failure.addSuppressed(e);
      }
    }
    throw failure;
  }

  static int any() {
    int port;
    do {
      port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
    } while (!Loopback.isFree(port));
    return port;
  }
}

package dev.pulso.local.database;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;

/**
 * Starts servers on free ports of loopback. A port that is free may be taken before the server has
 * it; then the server gets another one.
 */
public final class FreePort {
  private static final int TRIES = 20;

  /** Linux and macOS give no connection a port below 32768, so a stopped server finds its own. */
  private static final int LOWEST = 20_000;

  private static final int HIGHEST = 32_000;

  private FreePort() {}

  /**
   * Starts a server on a port.
   *
   * @param <T> what is started
   * @param <E> why it can't be started on any port
   */
  @FunctionalInterface
  public interface Attempt<T, E extends Exception> {
    T on(int port) throws PortTakenException, E;
  }

  /** Attempts it on one free port after another until one is not taken. */
  public static <T, E extends Exception> T start(Attempt<T, E> attempt) throws E {
    return start(FreePort::any, attempt);
  }

  static <T, E extends Exception> T start(IntSupplier ports, Attempt<T, E> attempt) throws E {
    IllegalStateException failure = new IllegalStateException("every port that was tried is taken");
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

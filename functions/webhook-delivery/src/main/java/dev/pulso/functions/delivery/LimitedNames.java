package dev.pulso.functions.delivery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.Dns;

/**
 * Looks names up for a limited time. A look-up cannot be interrupted, so OkHttp's own limit does
 * not end it. Here it goes on by itself, on a thread that nobody waits for.
 */
record LimitedNames(Dns names, Duration limit) implements Dns {
  private static final Executor THREADS =
      task -> Thread.ofPlatform().daemon().name("name look-up").start(task);

  /** Thrown when no name server answers in time: the name may be right. */
  static final class TimedOutException extends UnknownHostException {
    TimedOutException() {
      super("no answer in time");
    }
  }

  @Override
  public List<InetAddress> lookup(String name) throws UnknownHostException {
    try {
      return CompletableFuture.supplyAsync(() -> addresses(name), THREADS)
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new TimedOutException();
    } catch (ExecutionException e) {
      throw new UnknownHostException("no such name");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnknownHostException("interrupted");
    }
  }

  private List<InetAddress> addresses(String name) {
    try {
      return names.lookup(name);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}

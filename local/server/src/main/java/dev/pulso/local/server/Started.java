package dev.pulso.local.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The started parts, closed in reverse order. One thread starts them; a signal may make another
 * thread close them at any moment. Closing waits for a part that is just starting, so none is
 * forgotten.
 */
final class Started implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Started.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Thread starter = Thread.currentThread();

  /** Guards the parts and the closed flag. Held while a part starts. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private boolean closed;
  private volatile boolean stopping;

  /**
   * Starts a part, and remembers it.
   *
   * @throws StartException when everything is being stopped
   */
  <T extends AutoCloseable> T start(Supplier<T> part) {
    lock.lock();
    try {
      if (closed) {
        throw new StartException("Stopped while starting.");
      }
      T result = part.get();
      parts.push(result);
      return result;
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether everything is being closed, so that failures of parts are expected. */
  boolean isStopping() {
    return stopping;
  }

  @Override
  public void close() {
    stopping = true;
    boolean held = heldWithin(PATIENCE);
    if (!held) {
      starter.interrupt();
      held = heldWithin(PATIENCE);
    }
    if (held) {
      closed = true;
      parts.forEach(Started::closeOne);
      parts.clear();
      lock.unlock();
    }
  }

  private boolean heldWithin(Duration time) {
    try {
      return lock.tryLock(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void closeOne(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      // The other parts must still be closed.
      LOG.error("Cannot stop {}", part.getClass().getSimpleName(), e);
    }
  }
}

package dev.pulso.overview;

import dev.pulso.time.Deadline;
import dev.pulso.time.TimedOutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A computation in progress that other callers wait for. */
final class SingleFlight {
  private final CompletableFuture<Page> result = new CompletableFuture<>();
  private final long begun;

  /**
   * @param begun when it began, by {@link System#nanoTime}
   */
  SingleFlight(long begun) {
    this.begun = begun;
  }

  long begun() {
    return begun;
  }

  void complete(Page page) {
    result.complete(page);
  }

  void fail(Throwable failure) {
    result.completeExceptionally(failure);
  }

  /**
   * Waits for the result.
   *
   * @throws RuntimeException the failure of the computation
   * @throws TimedOutException when the deadline passes first
   */
  Page await(Deadline deadline) {
    try {
      return result.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new TimedOutException();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException("computing the overview failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimedOutException();
    }
  }
}

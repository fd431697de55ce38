package dev.pulso.overview;

import dev.pulso.time.Deadline;
import dev.pulso.time.TimedOutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A computation that is under way, and what others wait for. */
final class Flight {
  private final CompletableFuture<Page> landing = new CompletableFuture<>();
  private final long begun;

  /**
   * @param begun when it was begun, by the nanoseconds of this process
   */
  Flight(long begun) {
    this.begun = begun;
  }

  long begun() {
    return begun;
  }

  void landed(Page page) {
    landing.complete(page);
  }

  void failed(Throwable failure) {
    landing.completeExceptionally(failure);
  }

  /**
   * What it brings.
   *
   * @throws RuntimeException what the computation failed with
   * @throws TimedOutException when it takes longer than that
   */
  Page await(Deadline deadline) {
    try {
      return landing.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new TimedOutException();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException("the one who computed it failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimedOutException();
    }
  }
}

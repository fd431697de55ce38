package dev.pulso.property;

import dev.pulso.Pulso;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.fixture.PulsoFixture;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A process that stands still at one of its calls, and goes on when others have moved. */
final class FrozenProcess {
  private static final long LIMIT_SECONDS = 30;

  private final CountDownLatch thaw = new CountDownLatch(1);
  private final CompletableFuture<Void> frozen = new CompletableFuture<>();
  private final CompletableFuture<Void> done;

  /** Starts it, and returns when it stands still or has already done its work. */
  FrozenProcess(PulsoFixture fixture, Fate fate, Consumer<Pulso> work) {
    CallWatcher watcher = new CallWatcher(fate, this::standStill);
    done =
        CompletableFuture.runAsync(
            () -> {
              try (Pulso pulso = fixture.another(b -> b.addCommandListener(watcher))) {
                work.accept(pulso);
              } catch (BatchNotFoundException e) {
                // Deleted meanwhile: the caller is told so, and nothing else is to be done.
              }
            },
            task -> Thread.ofPlatform().daemon().name("frozen").start(task));
    await(CompletableFuture.anyOf(frozen, done));
  }

  private void standStill() {
    frozen.complete(null);
    try {
      if (!thaw.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody thawed it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets it go on, and waits until its work is done. */
  void thaw() {
    thaw.countDown();
    await(done);
  }

  private static void await(CompletableFuture<?> future) {
    try {
      future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("A process that stood still failed when it went on", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("A process that stood still does not end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}

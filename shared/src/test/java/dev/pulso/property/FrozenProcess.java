package dev.pulso.property;

import com.mongodb.MongoClientSettings;
import com.mongodb.event.CommandListener;
import dev.pulso.Pulso;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.fixture.Unhurried;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A process that freezes at one of its database calls, and continues later. */
final class FrozenProcess {
  private static final long LIMIT_SECONDS = 120;

  private final CountDownLatch thaw = new CountDownLatch(1);
  private final CompletableFuture<Void> frozen = new CompletableFuture<>();
  private final CompletableFuture<Void> done;

  /** Starts it, and returns when it is frozen or finished. */
  FrozenProcess(PulsoFixture fixture, Fate fate, Consumer<Pulso> work) {
    CallWatcher watcher = new CallWatcher(fate, this::standStill);
    done =
        CompletableFuture.runAsync(
            () -> {
              try (Pulso pulso = fixture.another(client -> patient(client, watcher))) {
                work.accept(pulso);
              } catch (BatchNotFoundException e) {
                // The batch was deleted meanwhile, and the caller got that answer.
              }
            },
            task -> Thread.ofPlatform().daemon().name("frozen").start(task));
    await(CompletableFuture.anyOf(frozen, done));
  }

  /** The time limit of an operation goes on while it stands still. */
  private static void patient(MongoClientSettings.Builder client, CommandListener watcher) {
    Unhurried.unhurried(client, watcher);
    client.timeout(2 * LIMIT_SECONDS, TimeUnit.SECONDS);
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

  /** Resumes it, and waits until it is finished. */
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

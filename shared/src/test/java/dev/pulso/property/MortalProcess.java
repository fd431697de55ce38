package dev.pulso.property;

import dev.pulso.Pulso;
import dev.pulso.fixture.PulsoFixture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A separate process from the database's view: it has its own client, and sends nothing after its
 * death.
 */
final class MortalProcess {
  private final PulsoFixture fixture;
  private final CallWatcher watcher;
  private final AtomicBoolean dead = new AtomicBoolean();

  MortalProcess(PulsoFixture fixture, Fate fate) {
    this.fixture = fixture;
    this.watcher =
        new CallWatcher(
            fate,
            () -> {
              dead.set(true);
              throw new Death();
            });
  }

  /** Runs it until it is finished or dead. */
  void live(Consumer<Pulso> work) {
    try (Pulso pulso = fixture.another(new Grave(dead), watcher)) {
      work.accept(pulso);
    } catch (Death | RuntimeException e) {
      if (!dead.get()) {
        throw e;
      }
    }
  }

  boolean isDead() {
    return dead.get();
  }

  /** Returns whether it made the call at which it dies. */
  boolean isStruck() {
    return watcher.hasStruck();
  }
}

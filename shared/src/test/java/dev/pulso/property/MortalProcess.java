package dev.pulso.property;

import dev.pulso.Pulso;
import dev.pulso.fixture.PulsoFixture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A process of its own, as far as the database can tell: its client is its own, and once it is dead
 * not one more word reaches the server.
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

  /** Lets it work until it is done or dead. */
  void live(Consumer<Pulso> work) {
    Pulso pulso =
        fixture.another(
            builder -> builder.addCommandListener(new Grave(dead)).addCommandListener(watcher));
    try {
      work.accept(pulso);
    } catch (Death | RuntimeException e) {
      if (!dead.get()) {
        throw e;
      }
    } finally {
      close(pulso);
    }
  }

  private void close(Pulso pulso) {
    try {
      pulso.close();
    } catch (Death goodbye) {
      // Its goodbye to the server does not arrive either.
    }
  }

  boolean isDead() {
    return dead.get();
  }

  /** Whether its fate has caught up with it: it made that call. */
  boolean isStruck() {
    return watcher.hasStruck();
  }
}

package dev.pulso.property;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.util.concurrent.atomic.AtomicBoolean;

/** Blocks all database calls of a dead process, on every thread. */
record Grave(AtomicBoolean dead) implements CommandListener {
  @Override
  public void commandStarted(CommandStartedEvent event) {
    if (dead.get()) {
      throw new Death();
    }
  }
}

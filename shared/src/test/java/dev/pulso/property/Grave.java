package dev.pulso.property;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lets nothing out: other threads of a dead process are dead as well. */
record Grave(AtomicBoolean dead) implements CommandListener {
  @Override
  public void commandStarted(CommandStartedEvent event) {
    if (dead.get()) {
      throw new Death();
    }
  }
}

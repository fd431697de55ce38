package dev.pulso.property;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Blocks all database calls of a dead process, on every thread. Its client may still end its
 * sessions, which hold nothing: if that failed, the client would keep its connections and threads.
 */
record Grave(AtomicBoolean dead) implements CommandListener {
  static boolean isGoodbye(CommandStartedEvent event) {
    return event.getCommandName().equals("endSessions");
  }

  @Override
  public void commandStarted(CommandStartedEvent event) {
    if (dead.get() && !isGoodbye(event)) {
      throw new Death();
    }
  }
}

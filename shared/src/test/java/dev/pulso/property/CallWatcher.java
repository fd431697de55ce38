package dev.pulso.property;

import com.mongodb.event.CommandFailedEvent;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.event.CommandSucceededEvent;

/** Counts the database calls of one process, and acts at the call in its {@link Fate}. */
final class CallWatcher implements CommandListener {
  private final Fate fate;
  private final Runnable blow;
  private int calls;
  private int chosenRequest = -1;
  private boolean struck;

  /**
   * @param blow the action, on the thread of the call
   */
  CallWatcher(Fate fate, Runnable blow) {
    this.fate = fate;
    this.blow = blow;
  }

  @Override
  public void commandStarted(CommandStartedEvent event) {
    if (!Grave.isGoodbye(event) && choose(event)) {
      blow.run();
    }
  }

  @Override
  public void commandSucceeded(CommandSucceededEvent event) {
    if (isChosen(event.getRequestId())) {
      blow.run();
    }
  }

  @Override
  public void commandFailed(CommandFailedEvent event) {
    isChosen(event.getRequestId());
  }

  private synchronized boolean choose(CommandStartedEvent event) {
    calls++;
    if (struck || calls < fate.call() || chosenRequest >= 0) {
      return false;
    }
    if (fate.moment() == Fate.Moment.AFTER) {
      chosenRequest = event.getRequestId();
      return false;
    }
    struck = true;
    return true;
  }

  private synchronized boolean isChosen(int request) {
    boolean chosen = request == chosenRequest && !struck;
    struck |= chosen;
    return chosen;
  }

  /** Returns whether the process made that call. */
  synchronized boolean hasStruck() {
    return struck;
  }
}

package dev.pulso.property;

import com.mongodb.event.CommandFailedEvent;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.event.CommandSucceededEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bson.BsonBinary;
import org.bson.BsonDocument;

/** Numbers the calls of one process, and strikes at the one that its fate names. */
final class CallWatcher implements CommandListener {
  private final Fate fate;
  private final boolean sparesTransactions;
  private final Runnable blow;
  private final List<String> calls = new ArrayList<>();
  private final Set<BsonBinary> sessions = ConcurrentHashMap.newKeySet();
  private int chosenRequest = -1;
  private boolean struck;

  /**
   * @param sparesTransactions whether to wait until no transaction is open, which holds locks
   * @param blow what happens then, on the thread that makes the call
   */
  CallWatcher(Fate fate, boolean sparesTransactions, Runnable blow) {
    this.fate = fate;
    this.sparesTransactions = sparesTransactions;
    this.blow = blow;
  }

  @Override
  public void commandStarted(CommandStartedEvent event) {
    if (choose(event)) {
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
    BsonDocument command = event.getCommand();
    if (command.containsKey("lsid")) {
      sessions.add(command.getDocument("lsid").getBinary("id"));
    }
    calls.add(event.getCommandName());
    if (struck || calls.size() < fate.call() || chosenRequest >= 0 || holdsLocks(event)) {
      return false;
    }
    if (fate.moment() == Fate.Moment.AFTER) {
      chosenRequest = event.getRequestId();
      return false;
    }
    struck = true;
    return true;
  }

  private boolean holdsLocks(CommandStartedEvent event) {
    BsonDocument command = event.getCommand();
    boolean begins = command.containsKey("startTransaction");
    boolean ends = event.getCommandName().endsWith("Transaction");
    return sparesTransactions
        && command.containsKey("autocommit")
        && !(fate.moment() == Fate.Moment.BEFORE ? begins : ends);
  }

  private synchronized boolean isChosen(int request) {
    boolean chosen = request == chosenRequest && !struck;
    struck |= chosen;
    return chosen;
  }

  /** Whether its fate has caught up with the process. */
  synchronized boolean hasStruck() {
    return struck;
  }

  /** The commands that it sent, by name. */
  synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /** The sessions that it used, which the server keeps for a while after its death. */
  Set<BsonBinary> sessions() {
    return sessions;
  }
}

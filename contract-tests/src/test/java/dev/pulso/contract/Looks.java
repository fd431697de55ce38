package dev.pulso.contract;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import org.bson.BsonString;

/** Reports each read of an overview's figures: two per overview if a refresh was due. */
record Looks(Runnable teller) implements CommandListener {
  private static final BsonString BEGINS_AT = new BsonString("pulso_progress");

  @Override
  public void commandStarted(CommandStartedEvent event) {
    if (event.getCommandName().equals("aggregate")
        && event.getCommand().get("aggregate").equals(BEGINS_AT)) {
      teller.run();
    }
  }
}

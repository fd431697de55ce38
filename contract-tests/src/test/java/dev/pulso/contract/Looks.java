package dev.pulso.contract;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import org.bson.BsonString;

/** Tells when the figures of an overview are read: twice for one when a look was due. */
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

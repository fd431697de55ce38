package dev.pulso.property;

import java.util.Collection;
import org.bson.BsonBinary;
import org.bson.Document;

/** What the server does by itself some time after a client is gone. */
final class Sessions {
  private Sessions() {}

  /** Ends sessions and rolls back what they left open. */
  static Document kill(Collection<BsonBinary> ids) {
    return new Document("killSessions", ids.stream().map(id -> new Document("id", id)).toList());
  }
}

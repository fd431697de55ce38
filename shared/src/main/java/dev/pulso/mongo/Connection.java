package dev.pulso.mongo;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import dev.pulso.config.MissingConnectionException;

/** Reads connection strings without ever repeating one in an error. */
final class Connection {
  private Connection() {}

  /**
   * Settings as a connection string says.
   *
   * @throws MissingConnectionException when it is none
   */
  static MongoClientSettings.Builder settings(String text) {
    try {
      return MongoClientSettings.builder().applyConnectionString(new ConnectionString(text));
    } catch (IllegalArgumentException e) {
      // The driver's message quotes parts of the string, credentials among them: it is left out.
      throw new MissingConnectionException(
          "The connection string of the database is not a valid mongodb:// or mongodb+srv:// URI.");
    }
  }
}

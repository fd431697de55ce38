package dev.pulso.mongo;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import dev.pulso.config.MissingConnectionException;

/** Parses connection strings. Errors never contain any part of one. */
final class Connection {
  private Connection() {}

  /**
   * Returns the client settings of a connection string.
   *
   * @throws MissingConnectionException when it is invalid
   */
  static MongoClientSettings.Builder settings(String text) {
    try {
      return MongoClientSettings.builder().applyConnectionString(new ConnectionString(text));
    } catch (IllegalArgumentException e) {
      // The driver's message quotes parts of the string, including credentials, so it is left out.
      throw new MissingConnectionException(
          "The connection string is not a valid mongodb:// or mongodb+srv:// URI.");
    }
  }
}

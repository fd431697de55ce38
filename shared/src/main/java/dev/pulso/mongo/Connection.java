package dev.pulso.mongo;

import com.mongodb.ConnectionString;

/** Parses connection strings without ever repeating one in an error. */
final class Connection {
  private Connection() {}

  static ConnectionString parse(String text) {
    try {
      return new ConnectionString(text);
    } catch (IllegalArgumentException e) {
      // The driver's message quotes parts of the string, credentials among them: it is left out.
      throw new IllegalArgumentException(
          "The connection string of the database is not a valid mongodb:// or mongodb+srv:// URI.");
    }
  }
}

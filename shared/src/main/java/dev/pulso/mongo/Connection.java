package dev.pulso.mongo;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import dev.pulso.config.MissingConnectionException;
import java.util.concurrent.TimeUnit;

/** Parses connection strings. Errors never contain any part of one. */
final class Connection {
  /**
   * A pooled connection that was idle for longer is replaced, by the wall clock. A frozen execution
   * environment cannot close connections, and firewalls and NAT gateways forget idle ones. {@code
   * maxIdleTimeMS} in the connection string comes first.
   */
  private static final int IDLE_TIME_SECONDS = 60;

  private Connection() {}

  /**
   * Returns the client settings of a connection string.
   *
   * @throws MissingConnectionException when it is invalid
   */
  static MongoClientSettings.Builder settings(String text) {
    try {
      return MongoClientSettings.builder()
          .applyToConnectionPoolSettings(
              p -> p.maxConnectionIdleTime(IDLE_TIME_SECONDS, TimeUnit.SECONDS))
          .applyConnectionString(new ConnectionString(text));
    } catch (IllegalArgumentException e) {
      // The driver's message quotes parts of the string, including credentials, so it is left out.
      throw new MissingConnectionException(
          "The connection string is not a valid mongodb:// or mongodb+srv:// URI.");
    }
  }
}

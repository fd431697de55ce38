package dev.pulso.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * The URL of a Redis or Valkey server: {@code redis://user:password@host:6379/0}, or {@code
 * rediss://} with TLS. User, password, port and database are optional.
 *
 * @param host name or address
 * @param isTls whether to use TLS
 * @param user user name; empty: the server's default user
 * @param password password
 * @param database number of the database
 */
public record RedisUrl(
    String host,
    int port,
    boolean isTls,
    Optional<String> user,
    Optional<String> password,
    int database) {
  private static final int DEFAULT_PORT = 6379;
  private static final int LAST_PORT = 65_535;

  /**
   * Parses a URL.
   *
   * @throws IllegalArgumentException when it is invalid; the message never contains the text
   */
  static RedisUrl parse(String text) {
    try {
      URI uri = new URI(text);
      boolean isTls = "rediss".equals(uri.getScheme());
      if ((!isTls && !"redis".equals(uri.getScheme()))
          || uri.getHost() == null
          || uri.getPort() > LAST_PORT) {
        throw invalid();
      }
      String userInfo = uri.getUserInfo() == null ? ":" : uri.getUserInfo();
      int colon = userInfo.indexOf(':');
      if (colon < 0) {
        throw invalid();
      }
      return new RedisUrl(
          uri.getHost(),
          uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
          isTls,
          Optional.of(userInfo.substring(0, colon)).filter(user -> !user.isEmpty()),
          Optional.of(userInfo.substring(colon + 1)).filter(password -> !password.isEmpty()),
          database(uri.getPath()));
    } catch (URISyntaxException | NumberFormatException quotesTheText) {
      throw invalid();
    }
  }

  private static int database(String path) {
    return path == null || path.isEmpty() || path.equals("/")
        ? 0
        : Integer.parseUnsignedInt(path.substring(1));
  }

  private static IllegalArgumentException invalid() {
    return new IllegalArgumentException("must be like redis://host:6379");
  }

  /** Leaves out user and password. */
  @Override
  public String toString() {
    return (isTls ? "rediss://" : "redis://") + host + ":" + port + "/" + database;
  }
}

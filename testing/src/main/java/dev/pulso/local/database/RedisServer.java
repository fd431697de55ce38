package dev.pulso.local.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Redis server that the tests of a JVM share, and that ends with the JVM: {@code redis-server} or
 * {@code valkey-server} on the {@code PATH}, Docker, or a fetched one.
 */
public final class RedisServer {
  private static RedisServer shared;
  private static String failure;

  private final String host;
  private final int port;

  RedisServer(String host, int port) {
    this.host = host;
    this.port = port;
  }

  /**
   * Returns the server of this JVM's tests. The first call starts it.
   *
   * @throws RedisUnavailableException with all attempts
   */
  public static synchronized RedisServer forTests() {
    if (failure != null) {
      throw new RedisUnavailableException(failure);
    }
    if (shared == null) {
      shared = start(new Wish(Optional.empty(), System.getenv(), System.err::println));
    }
    return shared;
  }

  private static RedisServer start(Wish wish) {
    List<String> tried = new ArrayList<>();
    for (Way way : Way.values()) {
      try {
        return switch (way) {
          case PATH -> RedisProcess.onPath(wish);
          case DOCKER -> RedisContainer.start(wish);
          case FETCH -> RedisProcess.fetched(wish);
        };
      } catch (NotThisWayException e) {
        tried.add(e.getMessage());
      }
    }
    failure =
        "No Redis for tests. Tried "
            + String.join("; ", tried)
            + ". Install redis-server or valkey-server, or start Docker.";
    throw new RedisUnavailableException(failure);
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /** Returns its URL; it has no password. */
  public String url() {
    return "redis://" + host + ":" + port;
  }
}

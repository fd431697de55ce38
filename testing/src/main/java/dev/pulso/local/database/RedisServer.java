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

  /** The sources of a server. */
  private enum Means {
    PATH("redis-server on the PATH") {
      @Override
      RedisServer start(Wish wish) throws NotThisWayException {
        return RedisProcess.onPath(wish);
      }
    },
    DOCKER("Docker") {
      @Override
      RedisServer start(Wish wish) throws NotThisWayException {
        return RedisContainer.start(wish);
      }
    },
    FETCH("fetched redis-server") {
      @Override
      RedisServer start(Wish wish) throws NotThisWayException {
        return RedisProcess.fetched(wish);
      }
    };

    private final String label;

    Means(String label) {
      this.label = label;
    }

    abstract RedisServer start(Wish wish) throws NotThisWayException;
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
    for (Means means : Means.values()) {
      try {
        return means.start(wish);
      } catch (NotThisWayException e) {
        tried.add(means.label + ": " + e.getMessage());
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

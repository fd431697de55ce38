package dev.pulso.local.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Redis server for the tests of a JVM, which they share and which ends with it: {@code
 * redis-server} or {@code valkey-server} on the {@code PATH}, Docker, or one that is fetched.
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

  /** A way to one. */
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
   * The server for this JVM's tests, started at the first call.
   *
   * @throws RedisUnavailableException with what was tried
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
        "There is no Redis to test with. Tried "
            + String.join("; ", tried)
            + ". Install redis-server or valkey-server, or start Docker.";
    throw new RedisUnavailableException(failure);
  }

  /** Its address. */
  public String host() {
    return host;
  }

  /** Its port. */
  public int port() {
    return port;
  }

  /** Its URL; it asks for no password. */
  public String url() {
    return "redis://" + host + ":" + port;
  }
}

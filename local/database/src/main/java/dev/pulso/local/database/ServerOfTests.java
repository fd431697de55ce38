package dev.pulso.local.database;

import java.util.Optional;

/** The server that all tests of a JVM share. */
final class ServerOfTests {
  private static MongoServer shared;
  private static String failure;

  private ServerOfTests() {}

  static synchronized MongoServer get() {
    if (failure != null) {
      throw new MongoUnavailableException(failure);
    }
    if (shared == null) {
      shared = start();
    }
    return shared;
  }

  private static MongoServer start() {
    Wish wish = new Wish(Optional.empty(), System.getenv(), System.err::println);
    try {
      MongoServer server = MongoServer.find(wish, order(wish));
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop-mongodb"));
      return server.sharedView();
    } catch (MongoUnavailableException e) {
      // Every test class asks again; repeating the failed attempts would take minutes each time.
      failure = e.getMessage();
      throw e;
    }
  }

  /** With a named image, Docker comes first; otherwise mongod starts faster than a container. */
  private static Way[] order(Wish wish) {
    return wish.environment().containsKey(MongoImage.VARIABLE)
        ? new Way[] {Way.DOCKER, Way.PATH, Way.FETCH}
        : new Way[] {Way.PATH, Way.DOCKER, Way.FETCH};
  }
}

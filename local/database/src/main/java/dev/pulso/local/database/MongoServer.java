package dev.pulso.local.database;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A MongoDB replica set, found or started.
 *
 * <p>The environment selects it: {@code MONGODB_URI} names an existing server. Otherwise {@code
 * PULSO_MONGO} ({@code path}, {@code docker}, {@code fetch}) may select one way to start one,
 * {@code MONGOD} another binary, and {@code PULSO_MONGO_IMAGE} another Docker image.
 */
public final class MongoServer implements AutoCloseable {
  private final String uri;
  private final String origin;
  private final boolean startedHere;
  private final Runnable stop;
  private final AtomicBoolean closed = new AtomicBoolean();

  private MongoServer(String uri, String origin, boolean startedHere, Runnable stop) {
    this.uri = uri;
    this.origin = origin;
    this.startedHere = startedHere;
    this.stop = stop;
  }

  static MongoServer started(String uri, String origin, Runnable stop) {
    return new MongoServer(uri, origin, true, stop);
  }

  static MongoServer given(String uri) {
    return new MongoServer(uri, GivenServer.VARIABLE, false, () -> {});
  }

  /** Returns the same server for users who must not stop it. */
  MongoServer sharedView() {
    return new MongoServer(uri, origin, startedHere, () -> {});
  }

  /**
   * Returns the server of this JVM's tests. The first call finds or starts it, and it stops with
   * the JVM; {@link #close} does nothing. Tries {@code MONGODB_URI}, mongod on the {@code PATH},
   * Docker (first if {@code PULSO_MONGO_IMAGE} is set), a fetched mongod.
   *
   * @throws MongoUnavailableException with all attempts and what to do
   */
  public static MongoServer forTests() {
    return ServerOfTests.get();
  }

  /**
   * Finds or starts a server that keeps its data in {@code folder}; the next call finds them, even
   * after this process was killed. Tries {@code MONGODB_URI}, mongod on the {@code PATH}, Docker, a
   * fetched mongod. The caller closes it.
   *
   * @param progress receives lines about slow or failed attempts
   * @throws MongoUnavailableException with all attempts and what to do
   */
  public static MongoServer forRun(
      Path folder, Map<String, String> environment, Consumer<String> progress) {
    Wish wish = new Wish(Optional.of(folder.toAbsolutePath().normalize()), environment, progress);
    return find(wish, Way.PATH, Way.DOCKER, Way.FETCH);
  }

  static MongoServer find(Wish wish, Way... order) {
    Optional<String> given = GivenServer.uri(wish.environment());
    if (given.isPresent()) {
      return GivenServer.check(given.get());
    }
    List<String> tried = new ArrayList<>(List.of(GivenServer.VARIABLE + ": not set"));
    for (Way way : Way.chosen(wish.environment(), order)) {
      try {
        return way.open(wish);
      } catch (NotThisWayException e) {
        tried.add(way.label() + ": " + e.getMessage());
        wish.sayWhyNot("No MongoDB from " + tried.getLast());
      }
    }
    throw MongoUnavailableException.after(tried, wish.folder());
  }

  /** Returns the connection string; without a database if the server was started here. */
  public String uri() {
    return uri;
  }

  /** Returns a description of the server for people, such as "Docker image mongo:6.0.5". */
  public String origin() {
    return origin;
  }

  /**
   * Returns whether closing stops the server: it was started here, or adopted from a killed run.
   */
  public boolean startedHere() {
    return startedHere;
  }

  /** Stops a server that was started or adopted here. Safe to call twice. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      stop.run();
    }
  }
}

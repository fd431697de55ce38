package dev.pulso.local.database;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A MongoDB replica set that is there or was started.
 *
 * <p>Where it comes from is decided by the environment: {@code MONGODB_URI} names a server to use
 * as it is; else {@code PULSO_MONGO} ({@code path}, {@code docker}, {@code fetch}) may pick one
 * way; {@code MONGOD} may name another binary and {@code PULSO_MONGO_IMAGE} another Docker image.
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

  /** The same server in hands that must not stop it. */
  MongoServer sharedView() {
    return new MongoServer(uri, origin, startedHere, () -> {});
  }

  /**
   * The server for this JVM's tests: made at the first call and stopped when the JVM ends, so
   * {@link #close} does nothing to it. Tries {@code MONGODB_URI}, mongod on the {@code PATH},
   * Docker (first where {@code PULSO_MONGO_IMAGE} is set), a fetched mongod.
   *
   * @throws MongoUnavailableException with what was tried and what to do
   */
  public static MongoServer forTests() {
    return ServerOfTests.get();
  }

  /**
   * A server that is in no replica set, for a test of what is said about it. The caller closes it.
   *
   * @throws MongoUnavailableException with why there is none
   */
  public static MongoServer standaloneForTests() {
    Wish wish = new Wish(Optional.empty(), System.getenv(), System.err::println);
    try {
      return MongodStarter.standalone(anyMongod(wish));
    } catch (NotThisWayException e) {
      throw new MongoUnavailableException(e.getMessage());
    }
  }

  private static MongodBinary anyMongod(Wish wish) throws NotThisWayException {
    try {
      return MongodBinary.named(wish.environment());
    } catch (NotThisWayException notInstalled) {
      return FetchedMongod.find(wish);
    }
  }

  /**
   * A server whose data stand under {@code folder} and are found again by the next call, also after
   * this process was killed. Tries {@code MONGODB_URI}, mongod on the {@code PATH}, Docker, a
   * fetched mongod. The caller closes it.
   *
   * @param progress is told, in plain lines, of what takes time or did not work
   * @throws MongoUnavailableException with what was tried and what to do
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
        wish.sayWhyNot("No MongoDB by way of " + tried.getLast());
      }
    }
    throw MongoUnavailableException.after(tried);
  }

  /** The connection string; without a database where the server was started here. */
  public String uri() {
    return uri;
  }

  /** Where the server comes from, for people: "Docker image mongo:6.0.5". */
  public String origin() {
    return origin;
  }

  /** Whether closing stops the server: it was started here, or adopted from a killed run. */
  public boolean startedHere() {
    return startedHere;
  }

  /** Stops what was started or adopted, and nothing else. Safe to call twice. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      stop.run();
    }
  }
}

package dev.pulso.local.database;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A replica set with authentication on, for tests of users and passwords: one for all tests of a
 * JVM, gone with it. It is always started here, by mongod on the {@code PATH}, Docker or a fetched
 * mongod, whatever {@code MONGODB_URI} says.
 */
public final class GuardedServer {
  private static GuardedServer shared;

  private final String hosts;
  private final Shell shell;

  GuardedServer(String hosts, Shell shell) {
    this.hosts = hosts;
    this.shell = shell;
  }

  /** Runs a mongosh that can reach the server. */
  @FunctionalInterface
  interface Shell {
    /** What it printed; nothing when there is no mongosh. */
    Optional<ShellResult> run(Path script, String uri, Map<String, String> environment)
        throws IOException, InterruptedException;
  }

  /**
   * How a script ended.
   *
   * @param status 0 when it did well
   * @param output what it printed on both of its streams
   */
  public record ShellResult(int status, String output) {}

  /**
   * The server for this JVM's tests, made at the first call.
   *
   * @throws MongoUnavailableException with what was tried
   */
  public static synchronized GuardedServer forTests() {
    if (shared == null) {
      Wish wish = new Wish(Optional.empty(), System.getenv(), System.err::println);
      shared = start(wish);
    }
    return shared;
  }

  static GuardedServer start(Wish wish) {
    List<String> tried = new ArrayList<>();
    for (Way way : Way.chosen(wish.environment(), Way.PATH, Way.DOCKER, Way.FETCH)) {
      try {
        return switch (way) {
          case DOCKER -> GuardedContainer.start(MongoImage.of(wish));
          case PATH -> GuardedMongod.start(MongodBinary.named(wish.environment()));
          case FETCH -> GuardedMongod.start(FetchedMongod.find(wish));
        };
      } catch (NotThisWayException e) {
        tried.add(way.label() + ": " + e.getMessage());
      }
    }
    throw MongoUnavailableException.after(tried);
  }

  /** The connection string of a user, who is known in the database {@code admin}. */
  public String uri(String user, String password) {
    return "mongodb://%s:%s@%s/?directConnection=true&authSource=admin"
        .formatted(encoded(user), encoded(password), hosts);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The connection string of the user who may do everything. */
  public String uri() {
    return uri(RootUser.NAME, RootUser.PASSWORD);
  }

  /** Host and port. */
  public String hosts() {
    return hosts;
  }

  /**
   * Runs a script with mongosh as the user who may do everything.
   *
   * @return how it ended; nothing when there is no mongosh to be had
   */
  public Optional<ShellResult> mongosh(Path script, Map<String, String> environment)
      throws IOException, InterruptedException {
    return shell.run(script, uri(), environment);
  }
}

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
 * A replica set with authentication, for tests of users and passwords. The tests of a JVM share it,
 * and it ends with the JVM. It is always started here, by mongod on the {@code PATH}, Docker or a
 * fetched mongod, even if {@code MONGODB_URI} is set.
 */
public final class GuardedServer {
  private static GuardedServer shared;

  private final String hosts;
  private final Shell shell;

  GuardedServer(String hosts, Shell shell) {
    this.hosts = hosts;
    this.shell = shell;
  }

  /** Runs mongosh against the server. */
  @FunctionalInterface
  interface Shell {
    /** Returns the result; empty without mongosh. */
    Optional<ShellResult> run(Path script, String uri, Map<String, String> environment)
        throws IOException, InterruptedException;
  }

  /**
   * The result of a script.
   *
   * @param status exit status; 0 is success
   * @param output standard output and error
   */
  public record ShellResult(int status, String output) {}

  /**
   * Returns the server of this JVM's tests. The first call starts it.
   *
   * @throws MongoUnavailableException with all attempts
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
    throw MongoUnavailableException.after(tried, Optional.empty());
  }

  /** Returns the connection string of a user of the database {@code admin}. */
  public String uri(String user, String password) {
    return "mongodb://%s:%s@%s/?directConnection=true&authSource=admin"
        .formatted(encoded(user), encoded(password), hosts);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Returns the connection string of the root user. */
  public String uri() {
    return uri(RootUser.NAME, RootUser.PASSWORD);
  }

  public String hosts() {
    return hosts;
  }

  /**
   * Runs a script with mongosh as the root user.
   *
   * @return the result; empty without mongosh
   */
  public Optional<ShellResult> mongosh(Path script, Map<String, String> environment)
      throws IOException, InterruptedException {
    // Longer than the 2 s of mongosh, for a busy machine.
    return shell.run(script, uri() + "&serverSelectionTimeoutMS=30000", environment);
  }
}

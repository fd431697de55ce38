package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pulso.fixture.Scripts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers whose first start fails: another program took the port, or they cannot run. */
class FailingStartIT {
  /** Fails like a server whose port was just taken; starts at the second attempt. */
  private static final String LATE =
      """
      #!/bin/sh
      case $1 in --version) exec %1$s "$@" ;; esac
      if mkdir "$0.failed" 2>/dev/null; then
        echo '%2$s'
        exit 48
      fi
      exec %1$s "$@"
      """;

  private static final String MONGOD_LOG =
      """
      {"s":"E","msg":"Error setting up listener","attr":{"error":{"errmsg":"Address already in use"}}}\
      """;

  @TempDir private Path folder;

  @Test
  void serverForTestsTriesAnotherPort() throws Exception {
    try (MongoServer server = Machine.start(late())) {
      Notes.write(server.uri(), "there");
    }
    assertThat(failedOnce("mongod")).isTrue();
  }

  @Test
  void serverForRunTriesAnotherPort() throws Exception {
    Map<String, String> environment = late();
    try (MongoServer server = Machine.start(folder.resolve("home"), environment)) {
      Notes.write(server.uri(), "there");
    }
    assertThat(failedOnce("mongod")).isTrue();
  }

  @Test
  void guardedServerTriesAnotherPort() throws Exception {
    assertThat(GuardedServer.start(Machine.wish(late())).hosts()).startsWith("127.0.0.1:");
    assertThat(failedOnce("mongod")).isTrue();
  }

  @Test
  void redisTriesAnotherPort() throws Exception {
    Optional<Path> redis = MongodBinary.onPath("redis-server", System.getenv());
    assumeTrue(redis.isPresent(), "no redis-server on the PATH");
    script("redis-server", LATE.formatted(redis.get(), "bind: Address already in use"));
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.merge("PATH", folder.toString(), (path, first) -> first + ":" + path);
    assertThat(RedisProcess.onPath(Machine.wish(environment)).port()).isPositive();
    assertThat(failedOnce("redis-server")).isTrue();
  }

  @Test
  void reasonIsReadBeforeLogIsDeleted() throws Exception {
    Map<String, String> environment = Machine.bare("path");
    Path mongod =
        script(
            "mongod",
            """
            #!/bin/sh
            [ $1 = --version ] && echo 'db version v6.0.5' && exit
            echo '{"s":"F","msg":"No such luck"}'
            """);
    environment.put("MONGOD", mongod.toString());
    assertThatThrownBy(() -> Machine.start(environment))
        .hasMessageContaining("it ended while starting (No such luck)");
  }

  private Map<String, String> late() throws Exception {
    Map<String, String> environment = Machine.withMongod();
    Path mongod = MongodBinary.onPath("mongod", environment).orElseThrow();
    environment.put("MONGOD", script("mongod", LATE.formatted(mongod, MONGOD_LOG)).toString());
    return environment;
  }

  private Path script(String name, String text) throws Exception {
    return Scripts.write(folder.resolve(name), text);
  }

  private boolean failedOnce(String name) {
    return Files.isDirectory(folder.resolve(name + ".failed"));
  }
}

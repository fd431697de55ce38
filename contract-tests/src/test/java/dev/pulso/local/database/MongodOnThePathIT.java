package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.fixture.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MongodOnThePathIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static Map<String, String> environment;

  @TempDir private Path folder;

  @BeforeAll
  static void findMongod() {
    environment = Machine.withMongod();
  }

  @Test
  void testServerSupportsTransactionsAndCleansUp() {
    MongoServer server = Machine.start(environment);
    Notes.write(server.uri(), "first");
    assertThat(Notes.read(server.uri())).containsExactly("first");
    assertThat(server.origin()).startsWith("mongod o");
    assertThat(server.startedHere()).isTrue();
    Path data = Notes.data(server.uri());
    assertThat(data).isDirectory();

    server.close();

    assertThat(Loopback.accepts(port(server.uri()))).isFalse();
    assertThat(data).doesNotExist();
  }

  @Test
  void testServerEndsWithKilledJvm() throws Exception {
    try (OtherJvm jvm = OtherJvm.start(environment)) {
      assertThat(Loopback.accepts(port(jvm.uri()))).isTrue();
      Path data = Notes.data(jvm.uri());
      jvm.kill();
      Eventually.isTrue(PATIENCE, () -> !Loopback.accepts(port(jvm.uri())));
      Eventually.isTrue(PATIENCE, () -> Files.notExists(data));
    }
  }

  @Test
  void nextRunFindsData() {
    int first;
    try (MongoServer server = Machine.start(folder, environment)) {
      Notes.write(server.uri(), "kept");
      first = port(server.uri());
    }
    assertThat(Loopback.accepts(first)).isFalse();
    try (MongoServer server = Machine.start(folder, environment)) {
      Notes.write(server.uri(), "added");
      assertThat(Notes.read(server.uri())).containsExactlyInAnyOrder("kept", "added");
    }
  }

  @Test
  void killedRunKeepsItsData() throws Exception {
    try (OtherJvm killed = OtherJvm.start(environment, folder)) {
      Notes.write(killed.uri(), "before");
      killed.kill();
      try (MongoServer server = Machine.start(folder, environment)) {
        assertThat(Loopback.accepts(port(killed.uri()))).isFalse();
        assertThat(Notes.read(server.uri())).containsExactly("before");
      }
    }
  }

  @Test
  void onlyOwnerOfDataIsStopped() throws IOException {
    Path data = Files.createDirectories(folder.resolve("mongodb/data")).toRealPath();
    Process left = new ProcessBuilder("sh", "-c", "read line", data.toString()).start();
    Process other = new ProcessBuilder("sh", "-c", "read line").start();
    try {
      Files.writeString(data.resolve("mongod.lock"), other.pid() + "\n");
      DataFolder.hold(folder).close();
      Files.writeString(data.resolve("mongod.lock"), left.pid() + "\n");
      DataFolder.hold(folder).close();

      // The process object notices an end later than its handle.
      assertThat(left.toHandle().isAlive()).isFalse();
      assertThat(other.isAlive()).isTrue();
    } finally {
      left.destroyForcibly();
      other.destroyForcibly();
    }
  }

  @Test
  void runsDoNotShareFolder() {
    try (MongoServer server = Machine.start(folder, environment)) {
      assertThatThrownBy(() -> Machine.start(folder, environment))
          .isInstanceOf(MongoUnavailableException.class)
          .hasMessageContaining("in use by another run");
      assertThat(Notes.read(server.uri())).isEmpty();
    }
  }

  @Test
  void refusedDataAreReportedByMongod() throws IOException {
    Path data = Files.createDirectories(folder.resolve("mongodb/data"));
    Files.writeString(data.resolve("storage.bson"), "nothing of the kind");
    assertThatThrownBy(() -> Machine.start(folder, environment))
        .isInstanceOf(MongoUnavailableException.class)
        .hasMessageContaining("mongod on the PATH: it ended while starting (");
  }

  private static int port(String uri) {
    return Integer.parseInt(uri.replaceAll(".*:(\\d+)/.*", "$1"));
  }
}

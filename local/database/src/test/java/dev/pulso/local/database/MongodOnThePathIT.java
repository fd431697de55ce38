package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MongodOnThePathIT {
  private static Map<String, String> environment;

  @TempDir private Path folder;

  @BeforeAll
  static void findMongod() {
    environment = Machine.withMongod();
  }

  @Test
  void aServerForTestsKnowsTransactionsAndLeavesNothingBehind() {
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
  void aServerForTestsGoesWithItsJvmEvenWhenThatIsKilled() throws Exception {
    try (OtherJvm jvm = OtherJvm.start(environment)) {
      assertThat(Loopback.accepts(port(jvm.uri()))).isTrue();
      Path data = Notes.data(jvm.uri());
      jvm.kill();
      assertThat(Eventually.holds(() -> !Loopback.accepts(port(jvm.uri())))).isTrue();
      assertThat(Eventually.holds(() -> Files.notExists(data))).isTrue();
    }
  }

  @Test
  void theNextRunFindsTheDataOfTheLastAtTheSamePort() {
    int first;
    try (MongoServer server = Machine.start(folder, environment)) {
      Notes.write(server.uri(), "kept");
      first = port(server.uri());
    }
    assertThat(Loopback.accepts(first)).isFalse();
    try (MongoServer server = Machine.start(folder, environment)) {
      assertThat(Notes.read(server.uri())).containsExactly("kept");
      assertThat(port(server.uri())).isEqualTo(first);
    }
  }

  @Test
  void theDataSurviveWhenTheOldPortIsTaken() throws IOException {
    int first;
    try (MongoServer server = Machine.start(folder, environment)) {
      Notes.write(server.uri(), "kept");
      first = port(server.uri());
    }
    try (ServerSocket somebodyElse = new ServerSocket(first)) {
      Thread.startVirtualThread(() -> turnAway(somebodyElse));
      MongoServer server = Machine.start(folder, environment);
      assertThat(port(server.uri())).isNotEqualTo(first);
      Notes.write(server.uri(), "added");
      assertThat(Notes.read(server.uri())).containsExactlyInAnyOrder("kept", "added");
      server.close();
    }
  }

  @Test
  void aRunThatWasKilledLeavesItsServerToTheNext() throws Exception {
    try (OtherJvm killed = OtherJvm.start(environment, folder)) {
      Notes.write(killed.uri(), "before");
      killed.kill();
      List<String> said = new ArrayList<>();
      MongoServer server = MongoServer.forRun(folder, environment, said::add);
      assertThat(server.uri()).isEqualTo(killed.uri());
      assertThat(server.origin()).startsWith("mongod of an earlier run (");
      assertThat(server.startedHere()).isTrue();
      assertThat(said).anyMatch(line -> line.contains("left its mongod running"));
      assertThat(Notes.read(server.uri())).containsExactly("before");

      server.close();

      assertThat(Loopback.accepts(port(killed.uri()))).isFalse();
    }
  }

  @Test
  void aLeftServerThatNoLongerAnswersIsReplaced() throws Exception {
    try (OtherJvm killed = OtherJvm.start(environment, folder)) {
      Notes.write(killed.uri(), "before");
      killed.kill();
      long frozen = recordedProcess();
      new ProcessBuilder("kill", "-STOP", Long.toString(frozen)).start().waitFor();
      try (MongoServer server = Machine.start(folder, environment)) {
        assertThat(recordedProcess()).isNotEqualTo(frozen);
        assertThat(Notes.read(server.uri())).containsExactly("before");
      }
    }
  }

  @Test
  void aRecordThatSpeaksOfSomethingElseIsNotBelieved() {
    try (MongoServer another = Machine.start(environment)) {
      try (DataFolder held = DataFolder.hold(folder)) {
        held.remember(port(another.uri()), OptionalLong.of(ProcessHandle.current().pid()));
      }
      try (MongoServer server = Machine.start(folder, environment)) {
        assertThat(server.uri()).isNotEqualTo(another.uri());
        assertThat(Loopback.accepts(port(another.uri()))).isTrue();
      }
    }
  }

  @Test
  void aBrokenRecordIsNoHindrance() throws IOException {
    try (DataFolder held = DataFolder.hold(folder)) {
      held.remember(1, OptionalLong.empty());
    }
    Files.writeString(folder.resolve("mongodb/mongod.properties"), "port=soon\n");
    try (MongoServer server = Machine.start(folder, environment)) {
      assertThat(Notes.read(server.uri())).isEmpty();
    }
  }

  @Test
  void twoRunsDoNotShareAFolder() {
    try (MongoServer server = Machine.start(folder, environment)) {
      assertThatThrownBy(() -> Machine.start(folder, environment))
          .isInstanceOf(MongoUnavailableException.class)
          .hasMessageContaining("in use by another run");
      assertThat(Notes.read(server.uri())).isEmpty();
    }
  }

  @Test
  void dataThatMongodRefusesAreReportedInItsOwnWords() throws IOException {
    Path data = Files.createDirectories(folder.resolve("mongodb/data"));
    Files.writeString(data.resolve("storage.bson"), "nothing of the kind");
    assertThatThrownBy(() -> Machine.start(folder, environment))
        .isInstanceOf(MongoUnavailableException.class)
        .hasMessageContaining("mongod on the PATH: it ended while starting (");
  }

  private static void turnAway(ServerSocket everybody) {
    while (!everybody.isClosed()) {
      try {
        everybody.accept().close();
      } catch (IOException closed) {
        return;
      }
    }
  }

  private long recordedProcess() throws IOException {
    Properties record = new Properties();
    try (Reader reader = Files.newBufferedReader(folder.resolve("mongodb/mongod.properties"))) {
      record.load(reader);
    }
    return Long.parseLong(record.getProperty("pid"));
  }

  private static int port(String uri) {
    return Integer.parseInt(uri.replaceAll(".*:(\\d+)/.*", "$1"));
  }
}

package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class GivenServerIT {
  private static final int MOST_TRIES = 12;

  @AutoClose private static MongoServer running;

  /** Not at the beginning: some tests need no server, and this machine may have none. */
  private static MongoServer running() {
    if (running == null) {
      running = Machine.start(Machine.withMongod());
    }
    return running;
  }

  @Test
  void givenReplicaSetIsNeverStopped() {
    MongoServer given = start(running().uri());
    assertThat(given.uri()).isEqualTo(running.uri());
    assertThat(given.origin()).isEqualTo("MONGODB_URI");
    assertThat(given.startedHere()).isFalse();
    given.close();
    assertThat(Notes.read(running.uri())).isEmpty();
  }

  @Test
  void silentServerIsNamedWithoutCredentials() {
    String uri = "mongodb://somebody:s3cret@127.0.0.1:1/?authSource=x";
    assertThatThrownBy(() -> startOnce(uri))
        .isInstanceOf(MongoUnavailableException.class)
        .hasMessageContaining("does not answer within 5 s")
        .hasMessageContaining("127.0.0.1:")
        .hasMessageNotContaining("somebody")
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  @Test
  void refusedPasswordIsNotShown() {
    String uri = running().uri().replace("mongodb://", "mongodb://somebody:s3cret@");
    assertThatThrownBy(() -> start(uri))
        .isInstanceOf(MongoUnavailableException.class)
        .hasMessageContaining("does not accept its user and password")
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  @Test
  void invalidConnectionStringIsNotShown() {
    assertThatThrownBy(() -> start("mongodb://somebody:s3:cr/et@host"))
        .isInstanceOf(MongoUnavailableException.class)
        .hasMessageContaining("not a valid connection string")
        .hasMessageNotContaining("s3:cr")
        .hasNoCause();
  }

  @Test
  void standaloneServerGetsInstructions() throws Exception {
    try (Standalone server = Standalone.start()) {
      assertThatThrownBy(() -> start(server.uri()))
          .isInstanceOf(MongoUnavailableException.class)
          .hasMessageContaining("is a standalone server. Pulso needs a replica set")
          .hasMessageContaining("--replSet rs0")
          .hasMessageContaining("mongosh --eval 'rs.initiate()'");
      String other = "mongodb://127.0.0.1:" + server.port() + "/?replicaSet=rs0";
      assertThatThrownBy(() -> start(other))
          .isInstanceOf(MongoUnavailableException.class)
          .hasMessageContaining("is a standalone server. Pulso needs a replica set");
    }
  }

  @Test
  void wrongReplicaSetIsNamed() {
    String uri = running().uri().replaceAll("/\\?.*", "/?replicaSet=other");
    assertThatThrownBy(() -> start(uri))
        .isInstanceOf(MongoUnavailableException.class)
        .hasMessageContaining("is in the replica set pulso")
        .hasMessageContaining("says replicaSet=other");
  }

  @Test
  void uninitiatedReplicaSetIsReported() throws Exception {
    try (Standalone server = Standalone.start("--replSet", "rs0")) {
      assertThatThrownBy(() -> start(server.uri()))
          .isInstanceOf(MongoUnavailableException.class)
          .hasMessageContaining("a replica set that does not exist yet")
          .hasMessageContaining("mongosh --eval 'rs.initiate()'");
    }
  }

  /** Tries again while a busy server is taken for a silent one. */
  private static MongoServer start(String uri) {
    for (int tries = 1; ; tries++) {
      try {
        return startOnce(uri);
      } catch (MongoUnavailableException e) {
        if (tries == MOST_TRIES || !e.getMessage().contains("does not answer within")) {
          throw e;
        }
      }
    }
  }

  private static MongoServer startOnce(String uri) {
    return Machine.start(Map.of("MONGODB_URI", uri, Way.CHOICE, "path"));
  }
}

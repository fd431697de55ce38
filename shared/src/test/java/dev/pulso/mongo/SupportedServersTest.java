package dev.pulso.mongo;

import static com.mongodb.connection.ServerType.REPLICA_SET_PRIMARY;
import static com.mongodb.connection.ServerType.REPLICA_SET_SECONDARY;
import static com.mongodb.connection.ServerType.SHARD_ROUTER;
import static com.mongodb.connection.ServerType.STANDALONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.ServerAddress;
import com.mongodb.connection.ClusterConnectionMode;
import com.mongodb.connection.ClusterDescription;
import com.mongodb.connection.ClusterType;
import com.mongodb.connection.ServerConnectionState;
import com.mongodb.connection.ServerDescription;
import com.mongodb.connection.ServerType;
import dev.pulso.mongo.UnsupportedDatabaseException.Lack;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SupportedServersTest {
  private static final int V5 = 13;
  private static final int V6 = 17;
  private static final int V8 = 25;

  @Test
  void replicaSetsAndRoutersAreSupported() {
    for (ServerType type : List.of(REPLICA_SET_PRIMARY, SHARD_ROUTER)) {
      for (int version : List.of(V6, V8)) {
        ClusterDescription cluster = cluster(server("db-1.example.com", type, version));
        assertThat(new SupportedServers().select(cluster))
            .isEqualTo(cluster.getServerDescriptions());
      }
    }
  }

  @Test
  void standaloneServerIsRefused() {
    refuses(Lack.REPLICA_SET_REQUIRED, server("localhost", STANDALONE, V8));
  }

  @Test
  void serverBeforeSixIsRefused() {
    refuses(Lack.DATABASE_TOO_OLD, server("localhost", REPLICA_SET_PRIMARY, V5));
    refuses(Lack.DATABASE_TOO_OLD, server("localhost", SHARD_ROUTER, V5));
  }

  @Test
  void oldSecondaryIsAccepted() {
    ClusterDescription cluster =
        cluster(server("a", REPLICA_SET_SECONDARY, V5), server("b", REPLICA_SET_PRIMARY, V6));
    assertThat(new SupportedServers().select(cluster)).hasSize(2);
  }

  @Test
  void silentServerIsAccepted() {
    ServerDescription away =
        ServerDescription.builder()
            .address(new ServerAddress("x.docdb.amazonaws.com"))
            .state(ServerConnectionState.CONNECTING)
            .build();
    assertThat(new SupportedServers().select(cluster(away))).containsExactly(away);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c.cluster-x.eu-west-1.docdb.amazonaws.com",
        "c-1.eu-west-1.docdb-elastic.amazonaws.com",
        "c.mongo.cosmos.azure.com",
        "fc-1.global.mongocluster.cosmos.azure.com"
      })
  void otherProductIsRefused(String host) {
    refuses(Lack.DATABASE_UNSUPPORTED, server(host, REPLICA_SET_PRIMARY, V8));
  }

  private static void refuses(Lack lack, ServerDescription server) {
    assertThatThrownBy(() -> new SupportedServers().select(cluster(server)))
        .isInstanceOfSatisfying(
            UnsupportedDatabaseException.class, e -> assertThat(e.lack()).isEqualTo(lack));
  }

  private static ClusterDescription cluster(ServerDescription... servers) {
    return new ClusterDescription(
        ClusterConnectionMode.MULTIPLE, ClusterType.UNKNOWN, List.of(servers));
  }

  private static ServerDescription server(String host, ServerType type, int version) {
    return ServerDescription.builder()
        .address(new ServerAddress(host))
        .state(ServerConnectionState.CONNECTED)
        .ok(true)
        .type(type)
        .maxWireVersion(version)
        .build();
  }
}

package dev.pulso.mongo;

import com.mongodb.connection.ClusterDescription;
import com.mongodb.connection.ServerDescription;
import com.mongodb.connection.ServerType;
import com.mongodb.selector.ServerSelector;
import dev.pulso.mongo.UnsupportedDatabaseException.Lack;
import java.util.List;
import java.util.stream.Stream;

/**
 * Rejects unsupported servers before any command is sent. It uses what the driver learned when it
 * connected, so it costs no round trip.
 */
final class SupportedServers implements ServerSelector {
  /** The wire version of MongoDB 6.0. */
  private static final int OLDEST = 17;

  /** Host names of DocumentDB and Cosmos DB; the driver recognizes them in the same way. */
  private static final List<String> OTHER_PRODUCTS =
      List.of(".docdb.amazonaws.com", ".docdb-elastic.amazonaws.com", ".cosmos.azure.com");

  /**
   * Selects all servers.
   *
   * @throws UnsupportedDatabaseException when a writable one is not supported
   */
  @Override
  public List<ServerDescription> select(ClusterDescription cluster) {
    for (ServerDescription server : cluster.getServerDescriptions()) {
      if (server.isOk()) {
        check(server);
      }
    }
    return cluster.getServerDescriptions();
  }

  private static void check(ServerDescription server) {
    String host = server.getAddress().getHost();
    for (String product : OTHER_PRODUCTS) {
      if (host.endsWith(product)) {
        throw new UnsupportedDatabaseException(Lack.DATABASE_UNSUPPORTED);
      }
    }
    if (server.getType() == ServerType.STANDALONE) {
      throw new UnsupportedDatabaseException(Lack.REPLICA_SET_REQUIRED);
    }
    if (takesWrites(server) && server.getMaxWireVersion() < OLDEST) {
      throw new UnsupportedDatabaseException(Lack.DATABASE_TOO_OLD);
    }
  }

  /** Secondaries are not checked: during an upgrade one may run an older version. */
  private static boolean takesWrites(ServerDescription server) {
    return Stream.of(ServerType.REPLICA_SET_PRIMARY, ServerType.SHARD_ROUTER)
        .anyMatch(type -> type == server.getType());
  }
}

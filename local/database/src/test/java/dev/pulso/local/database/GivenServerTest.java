package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.bson.Document;
import org.junit.jupiter.api.Test;

class GivenServerTest {
  private static final Document HELLO = Document.parse("{isWritablePrimary: true, setName: 'rs0'}");
  private static final Document BUILD = build("6.0.5", 6);

  @Test
  void mongodbFromSixOnLacksNothing() {
    assertThat(GivenServer.lack("localhost:27017", HELLO, BUILD)).isEmpty();
    assertThat(GivenServer.lack("x.mongodb.net:27017", HELLO, build("8.0.4", 8))).isEmpty();
  }

  @Test
  void olderMongodbIsNamed() {
    assertThat(GivenServer.lack("localhost:27017", HELLO, build("5.0.9", 5)))
        .contains("MongoDB 5.0.9");
  }

  @Test
  void otherProductsAreNamed() {
    assertThat(GivenServer.lack("c.cluster-x.eu-west-1.docdb.amazonaws.com:27017", HELLO, BUILD))
        .contains("Amazon DocumentDB");
    assertThat(GivenServer.lack("c.mongo.cosmos.azure.com:10255", HELLO, BUILD))
        .contains("Azure Cosmos DB");
    assertThat(GivenServer.lack("localhost:27017", internal("cosmos_versions"), BUILD))
        .contains("Azure Cosmos DB");
    assertThat(GivenServer.lack("localhost:27017", internal("documentdb_versions"), BUILD))
        .contains("DocumentDB");
    for (String field : new String[] {"ferretdbVersion", "ferretdb"}) {
      Document build = build("7.0.77", 7).append(field, "v2.0.0");
      assertThat(GivenServer.lack("localhost:27017", HELLO, build)).contains("FerretDB");
    }
  }

  private static Document internal(String field) {
    return new Document(HELLO).append("internal", new Document(field, "0.117-0"));
  }

  private static Document build(String version, int major) {
    return new Document("version", version)
        .append("versionArray", java.util.List.of(major, 0, 0, 0));
  }
}

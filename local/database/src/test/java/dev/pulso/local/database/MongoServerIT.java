package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import org.bson.Document;
import org.junit.jupiter.api.Test;

class MongoServerIT {
  @Test
  void testsGetAServerThatKnowsTransactions() {
    MongoServer server = MongoServer.forTests();
    try (MongoClient client = MongoClients.create(server.uri());
        ClientSession session = client.startSession()) {
      MongoCollection<Document> things = client.getDatabase("pulso_it").getCollection("things");
      session.withTransaction(() -> things.insertOne(session, new Document("_id", 1)));
      assertThat(things.countDocuments()).isEqualTo(1);
    }
  }
}

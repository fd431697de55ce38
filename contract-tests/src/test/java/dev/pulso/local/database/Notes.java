package dev.pulso.local.database;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;

/** Writes a document to a server, and finds it again. */
final class Notes {
  private Notes() {}

  /** Writes in a transaction, which requires a replica set. */
  static void write(String uri, String note) {
    try (MongoClient client = MongoClients.create(uri);
        ClientSession session = client.startSession()) {
      session.withTransaction(() -> notes(client).insertOne(session, new Document("_id", note)));
    }
  }

  static List<String> read(String uri) {
    try (MongoClient client = MongoClients.create(uri)) {
      return notes(client).find().map(note -> note.getString("_id")).into(new ArrayList<>());
    }
  }

  /** Returns the data folder of the server. */
  static Path data(String uri) {
    try (MongoClient client = MongoClients.create(uri)) {
      Document options = client.getDatabase("admin").runCommand(new Document("getCmdLineOpts", 1));
      return Path.of(options.getEmbedded(List.of("parsed", "storage", "dbPath"), String.class));
    }
  }

  private static MongoCollection<Document> notes(MongoClient client) {
    return client.getDatabase("notes").getCollection("notes");
  }
}

package dev.pulso.local.server.demo;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import dev.pulso.config.Settings;
import org.bson.Document;

/**
 * The collections of the demo, under their configured names.
 *
 * @param marker says whether the demo was loaded into this database
 */
record DemoCollections(
    MongoCollection<Document> accounts,
    MongoCollection<Document> batches,
    MongoCollection<Document> jobs,
    MongoCollection<Document> auditLog,
    MongoCollection<Document> marker) {

  static DemoCollections of(MongoDatabase database, Settings settings) {
    return new DemoCollections(
        database.getCollection(settings.accounts()),
        database.getCollection(settings.batches()),
        database.getCollection(settings.jobs()),
        database.getCollection("audit_log"),
        database.getCollection("pulso_demo"));
  }
}

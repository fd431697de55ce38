package dev.pulso.bench.overview;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import java.util.List;
import org.bson.Document;

/** Takes a database back to where it was before Pulso came. */
public final class Uncounted {
  private static final List<String> USUAL =
      List.of(
          "_id_",
          "deduplication_key_1",
          "account_id_1_status_1_created_at_-1",
          "batch_id_1_status_1",
          "batch_id_1");

  private Uncounted() {}

  /** Removes everything of Pulso's: its collections, its field, its indexes. */
  public static void make(MongoDatabase database) {
    for (String name : database.listCollectionNames()) {
      if (name.startsWith("pulso_") || name.equals("audit_log")) {
        database.getCollection(name).drop();
      }
    }
    database.getCollection("batches").updateMany(Filters.exists("pulso"), Updates.unset("pulso"));
    withoutIndexes(database.getCollection("jobs"));
    withoutIndexes(database.getCollection("batches"));
  }

  private static void withoutIndexes(MongoCollection<Document> collection) {
    for (Document index : collection.listIndexes()) {
      if (!USUAL.contains(index.getString("name"))) {
        collection.dropIndex(index.getString("name"));
      }
    }
  }
}

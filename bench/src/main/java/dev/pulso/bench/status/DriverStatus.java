package dev.pulso.bench.status;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import org.bson.Document;
import org.bson.conversions.Bson;

/** The read of a batch's document and nothing else: as little as anybody can do. */
public final class DriverStatus {
  private final MongoCollection<Document> batches;
  private final Bson projection;

  /**
   * @param projection which fields to read
   */
  public DriverStatus(MongoDatabase database, Bson projection) {
    this.batches = database.getCollection("batches");
    this.projection = projection;
  }

  /** One read. */
  public Document read(String batchId) {
    return batches.find(Filters.eq("batch_id", batchId)).projection(projection).first();
  }
}

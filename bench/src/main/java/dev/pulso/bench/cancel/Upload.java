package dev.pulso.bench.cancel;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.InsertManyOptions;
import dev.pulso.bench.load.Installation;
import dev.pulso.bench.load.JobShape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bson.Document;
import org.bson.RawBsonDocument;

/** Uploads batches as an uploader does: the batch, then its jobs in bulk, acknowledged. */
final class Upload {
  private static final int CHUNK = 1_000;
  private static final AtomicLong NUMBERS = new AtomicLong(1L << 30);

  private final MongoDatabase database;
  private final JobShape shape = new JobShape(Installation.of(1));

  Upload(MongoDatabase database) {
    this.database = database;
  }

  /**
   * Uploads a batch of pending jobs.
   *
   * @return how long the inserting of its jobs took, in ns
   */
  long batch(String batchId, int jobs) {
    database
        .getCollection("batches")
        .insertOne(
            new Document("batch_id", batchId).append("is_active", true).append("total_jobs", jobs));
    var collection = database.getCollection("jobs", RawBsonDocument.class);
    InsertManyOptions unordered = new InsertManyOptions().ordered(false);
    long took = 0;
    for (int done = 0; done < jobs; done += CHUNK) {
      List<RawBsonDocument> chunk = new ArrayList<>(CHUNK);
      for (int i = done; i < Math.min(jobs, done + CHUNK); i++) {
        chunk.add(shape.job(NUMBERS.incrementAndGet(), batchId, 0, "pending"));
      }
      long begun = System.nanoTime();
      collection.insertMany(chunk, unordered);
      took += System.nanoTime() - begun;
    }
    return took;
  }
}

package dev.pulso.bench.million;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.InsertManyOptions;
import dev.pulso.Pulso;
import dev.pulso.bench.load.Installation;
import dev.pulso.bench.load.JobShape;
import dev.pulso.bench.load.Progress;
import dev.pulso.bench.load.UsualIndexes;
import dev.pulso.config.Settings;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.bson.RawBsonDocument;

/**
 * A database with one large batch that waits, one small one that is polled meanwhile, and one to
 * cancel before anything is measured.
 */
final class Upload {
  static final String LARGE = "batch-20251015-0a0a0a0a";
  static final String SMALL = "batch-20251015-0b0b0b0b";
  static final String FIRST = "batch-20251015-0c0c0c0c";
  private static final int CHUNK = 2_000;
  private static final int FEW = 1_000;
  private static final int SOME = 20_000;

  private Upload() {}

  /** Uploads jobs of about 1 KB, with the usual indexes and Pulso's. */
  static void into(MongoDatabase database, String uri, int jobs) {
    database.drop();
    batch(database, LARGE);
    batch(database, SMALL);
    batch(database, FIRST);
    UsualIndexes.make(database);
    try (Pulso pulso =
        Pulso.open(
            Pulso.Options.of(
                Settings.from(
                    Map.of("MONGODB_URI", uri, "MONGODB_DATABASE", database.getName()))))) {
      pulso.makeIndexes();
    }
    JobShape shape = new JobShape(Installation.of(jobs));
    MongoCollection<RawBsonDocument> collection =
        database
            .getCollection("jobs", RawBsonDocument.class)
            .withWriteConcern(WriteConcern.W1.withJournal(false));
    int all = jobs + FEW + SOME;
    Progress progress = new Progress(System.out, database.getName(), all);
    for (int from = 0; from < all; from += CHUNK) {
      List<RawBsonDocument> chunk = new ArrayList<>(CHUNK);
      for (int i = from; i < Math.min(from + CHUNK, all); i++) {
        chunk.add(shape.job(i, batchOf(i, jobs), 0, "pending"));
      }
      collection.insertMany(chunk, new InsertManyOptions().ordered(false));
      progress.add(chunk.size());
    }
    progress.end();
  }

  private static String batchOf(int job, int large) {
    if (job < large) {
      return LARGE;
    }
    return job < large + FEW ? SMALL : FIRST;
  }

  private static void batch(MongoDatabase database, String id) {
    database
        .getCollection("batches")
        .insertOne(
            new Document("batch_id", id)
                .append("account_id", Installation.accountId(0))
                .append("is_active", true)
                .append("created_at", new Date()));
  }
}

package dev.pulso.bench.load;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;

/** The indexes that such installations have before Pulso comes. */
public final class UsualIndexes {
  private UsualIndexes() {}

  /** Makes them. */
  public static void make(MongoDatabase database) {
    onJobs(database.getCollection("jobs"));
    database
        .getCollection("batches")
        .createIndex(Indexes.ascending("batch_id"), new IndexOptions().unique(true));
  }

  /** Makes those of a collection of jobs. */
  public static void onJobs(MongoCollection<?> jobs) {
    jobs.createIndex(
        Indexes.ascending("deduplication_key"), new IndexOptions().unique(true).sparse(true));
    jobs.createIndex(
        Indexes.compoundIndex(
            Indexes.ascending("account_id", "status"), Indexes.descending("created_at")));
    jobs.createIndex(Indexes.ascending("batch_id", "status"));
  }
}

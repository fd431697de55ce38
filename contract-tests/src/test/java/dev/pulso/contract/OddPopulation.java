package dev.pulso.contract;

import static dev.pulso.fixture.Builders.set;

import dev.pulso.batch.JobStatus;
import dev.pulso.fixture.Builders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bson.Document;

/** A database full of odd batches and jobs, and what happens to them. */
final class OddPopulation {
  private final Random random;
  private final ContractDatabase database;
  private final OddDocuments odd;
  private final List<String> batchIds = new ArrayList<>();

  OddPopulation(long seed, ContractDatabase database, Instant midnight) {
    this.random = new Random(seed);
    this.database = database;
    this.odd = new OddDocuments(random, midnight);
  }

  void upload(int batches, int jobs) {
    for (int i = 0; i < batches; i++) {
      Document batch = odd.batch(i);
      database.db().batches().insertOne(batch);
      if (batch.get("batch_id") instanceof String id) {
        batchIds.add(id);
      }
    }
    // The batch_id of one batch is the _id of another.
    String hex = database.db().batches().find().first().getObjectId("_id").toHexString();
    database.db().batches().insertOne(Builders.batch(hex));
    batchIds.add(hex);
    batchIds.add("deleted-1");
    batchIds.add("deleted-2");
    addJobs(jobs);
  }

  void addJobs(int count) {
    List<Document> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(odd.job(batchIds));
    }
    database.jobs(jobs);
  }

  /** Changes jobs like workers, restores and people do; only some of them set a timestamp. */
  void change(int times) {
    List<Document> jobs = database.db().jobs().find().into(new ArrayList<>());
    for (int i = 0; i < times; i++) {
      Document one = new Document("_id", odd.pick(jobs).get("_id"));
      switch (random.nextInt(8)) {
        case 0 -> database.db().jobs().deleteOne(one);
        case 1 -> database.db().jobs().updateOne(one, set("batch_id", odd.pick(batchIds)));
        case 2 ->
            database.db().jobs().updateOne(one, set("account_id", odd.pick(OddDocuments.ACCOUNTS)));
        case 3 -> database.db().jobs().updateOne(one, set("call_result", odd.callResult()));
        case 4 -> database.db().jobs().updateOne(one, set("created_at", odd.time()));
        case 5, 6 ->
            database
                .db()
                .jobs()
                .updateOne(
                    one,
                    new Document("$set", new Document("status", odd.pick(JobStatus.ALL)))
                        .append("$currentDate", new Document("updated_at", true)));
        default -> database.db().jobs().updateOne(one, set("status", odd.status()));
      }
    }
    database
        .db()
        .batches()
        .updateOne(
            new Document("batch_id", odd.pick(batchIds)),
            new Document("$inc", new Document("total_cost", 1.5).append("completed_jobs", 3)));
    database
        .db()
        .batches()
        .updateOne(
            new Document("batch_id", odd.pick(batchIds)), set("is_active", random.nextBoolean()));
    database.db().jobs().deleteMany(new Document("batch_id", odd.pick(batchIds)));
    addJobs(times / 4);
  }
}

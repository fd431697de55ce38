package dev.pulso.contract;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A batch is addressed by its batch_id or by its _id. */
class BatchAddressIT {
  @AutoClose private static final ContractDatabase database = ContractDatabase.open();

  @Test
  void bothAddressesWorkInAnyCase() {
    ObjectId id = new ObjectId();
    String batchId = database.batch(batch(ContractDatabase.name("batch")).append("_id", id));
    database.jobs(jobs(3, batchId, "pending"));
    String byBatchId = database.api().status(batchId).ok().body();
    assertThat(database.api().status(id.toHexString()).ok().body()).isEqualTo(byBatchId);
    assertThat(database.api().status(id.toHexString().toUpperCase()).ok().body())
        .isEqualTo(byBatchId);
  }

  @Test
  void objectIdWinsOverBatchId() {
    ObjectId collision = new ObjectId();
    database.batch(batch(ContractDatabase.name("first")).append("_id", collision));
    database.batch(batch(collision.toHexString()));
    database.jobs(jobs(2, collision.toHexString(), "pending"));
    assertThat(database.api().status(collision.toHexString()).ok().json().getString("batch_id"))
        .startsWith("first");

    String hexOnly = new ObjectId().toHexString();
    database.batch(batch(hexOnly));
    database.jobs(jobs(2, hexOnly, "pending"));
    Reply reply = database.api().status(hexOnly).ok();
    assertThat(reply.json().getString("batch_id")).isEqualTo(hexOnly);
    assertThat(reply.count("total_jobs")).isEqualTo(2);
  }

  @Test
  void textualIdWinsOverBatchId() {
    String hex = new ObjectId().toHexString();
    String byBatchId = database.batch(batch(hex));
    String byText = database.batch(batch(ContractDatabase.name("text")).append("_id", hex));
    database.jobs(jobs(2, byText, "pending"));
    Reply reply = database.api().status(hex.toUpperCase()).ok();
    assertThat(reply.at("batch_id")).isEqualTo(byText);
    assertThat(reply.count("pending_jobs")).isEqualTo(2);
    assertThat(database.api().summary(hex).ok().at("batch_id")).isEqualTo(byText);
    database.api().pause(hex).ok();
    assertThat(database.stored(byText)).containsEntry("is_active", false);
    database.api().resume(hex).ok();
    assertThat(database.stored(byText)).containsEntry("is_active", true);
    database.api().cancel(hex).ok();
    assertThat(database.stored(byText)).containsKey("cancelled_at");
    assertThat(database.stored(byBatchId)).doesNotContainKey("cancelled_at");
    String first =
        database.batch(batch(ContractDatabase.name("id")).append("_id", new ObjectId(hex)));
    assertThat(database.api().status(hex).ok().at("batch_id")).isEqualTo(first);
  }

  @Test
  void textualIdIsCaseInsensitive() {
    String hex = new ObjectId().toHexString().toUpperCase();
    String id = database.batch(batch(ContractDatabase.name("upper")).append("_id", hex));
    assertThat(database.api().status(hex.toLowerCase()).ok().at("batch_id")).isEqualTo(id);
    assertThat(database.api().status(hex).ok().at("batch_id")).isEqualTo(id);
  }

  @Test
  void batchWithOnlyIdIsAnswered() {
    ObjectId id = new ObjectId();
    database.db().batches().insertOne(new Document("_id", id).append("is_active", 1));
    Reply reply = database.api().status(id.toHexString()).ok();
    assertThat(reply.json().getString("batch_id")).isEqualTo(id.toHexString());
    assertThat(reply.at("is_active")).isEqualTo(false);
    assertThat(reply.at("started_at")).isNull();
  }

  @Test
  void unknownBatchIsNotFound() {
    assertThat(database.api().status("nobody").problem(404, "BATCH_NOT_FOUND").at("detail"))
        .isEqualTo("Batch not found");
    database.api().status(new ObjectId().toHexString()).problem(404, "BATCH_NOT_FOUND");
    database.api().status("$where").problem(404, "BATCH_NOT_FOUND");
  }
}

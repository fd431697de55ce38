package dev.pulso.cancel;

import static dev.pulso.fixture.Builders.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Caller;
import dev.pulso.batch.BatchAddress;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Each change of a batch is in the audit log once, even if processes die. */
class OutboxIT extends CancelWorld {
  @Test
  void cancelDeliversItsEntry() {
    fixture.batches(batch("b"));
    cancel("b", "$basta");
    Document entry = audit().getFirst();
    assertThat(entry)
        .containsEntry("action", "batch.cancelled")
        .containsEntry("batch_id", "b")
        .containsEntry("account_id", "acc-chile-001")
        .containsEntry("reason", "$basta")
        .containsEntry("at", stored("b").get("cancelled_at"))
        .containsEntry("actor", "ana")
        .containsEntry("source_ip", "192.0.2.1")
        .containsEntry("request_id", "r-1");
    assertThat(pulso("b")).doesNotContainKey("outbox");
  }

  @Test
  void pausesAndResumesAreAllAudited() {
    fixture.batches(batch("b"));
    for (int i = 0; i < 3; i++) {
      fixture.pulso().services().pause().pause(Caller.ANONYMOUS, new BatchAddress("b"), ORIGIN);
      fixture.pulso().services().pause().pause(Caller.ANONYMOUS, new BatchAddress("b"), ORIGIN);
      fixture.pulso().services().pause().resume(Caller.ANONYMOUS, new BatchAddress("b"), ORIGIN);
    }
    assertThat(audit())
        .extracting(entry -> entry.getString("action"))
        .containsExactly(
            "batch.paused",
            "batch.resumed",
            "batch.paused",
            "batch.resumed",
            "batch.paused",
            "batch.resumed");
    assertThat(stored("b").get("pulso", Document.class))
        .containsOnlyKeys("acted_at", "switched_at", "events");
  }

  @Test
  void upkeepDeliversLeftEntries() {
    fixture.batches(batch("b"));
    cancel("b", "basta");
    Document entry = audit().getFirst();
    fixture.db().auditLog().deleteMany(new Document());
    change("b", new Document("pulso.outbox", List.of(entry)));
    upkeep();
    upkeep();
    assertThat(audit()).containsExactly(entry);
    assertThat(pulso("b")).doesNotContainKey("outbox");
  }

  @Test
  void nextCancelDeliversLeftEntries() {
    fixture.batches(batch("b"));
    cancel("b", "basta");
    Document entry = audit().getFirst();
    change("b", new Document("pulso.outbox", List.of(entry)));
    cancel("b", "late");
    assertThat(audit()).containsExactly(entry);
    assertThat(pulso("b")).doesNotContainKey("outbox");
  }

  private void change(String id, Document fields) {
    fixture.db().batches().updateOne(new Document("batch_id", id), new Document("$set", fields));
  }

  private Document pulso(String id) {
    return stored(id).get("pulso", Document.class);
  }
}

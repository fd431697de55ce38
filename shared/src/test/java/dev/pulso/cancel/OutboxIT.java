package dev.pulso.cancel;

import static dev.pulso.fixture.Builders.batch;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Each change of a batch is in the audit log once, even if processes die. */
class OutboxIT extends CancelWorld {
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

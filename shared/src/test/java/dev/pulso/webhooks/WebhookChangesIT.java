package dev.pulso.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import dev.pulso.access.Caller;
import dev.pulso.webhooks.WebhookService.Created;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Somebody changes or deletes a webhook. */
class WebhookChangesIT extends DeliveryWorld {
  @Test
  void deletedWebhookGetsNothing() {
    Created created = create("acc-chile-001", ALL);
    receiver.status = 500;
    pause();
    deliver();
    webhooks.delete(Caller.ANONYMOUS, created.webhook().id(), ANA);
    assertThatThrownBy(() -> find(created)).isInstanceOf(WebhookException.class);
    makeDue();
    deliver();
    assertThat(receiver.posts).hasSize(1);
    assertThat(fixture.db().deliveries().find())
        .singleElement()
        .satisfies(
            delivery ->
                assertThat(delivery)
                    .containsEntry("status", "failed")
                    .containsEntry("error", "webhook_deleted")
                    .doesNotContainKey("next_at"));
  }

  @Test
  void nothingIsDeletedWithoutAuditEntry() {
    Created created = create("acc-chile-001", ALL);
    refuseEntriesOf("webhook.deleted");
    assertThatThrownBy(() -> webhooks.delete(Caller.ANONYMOUS, created.webhook().id(), ANA))
        .isInstanceOf(MongoException.class);
    assertThat(find(created).disabledAt()).isEmpty();
  }

  @Test
  void nothingIsCreatedWithoutAuditEntry() {
    create("acc-peru-001", ALL);
    refuseEntriesOf("webhook.created");
    assertThatThrownBy(() -> create("acc-chile-001", ALL)).isInstanceOf(MongoException.class);
    assertThat(fixture.db().webhooks().countDocuments()).isOne();
  }

  @Test
  void noSecretIsChangedWithoutAuditEntry() {
    Created created = create("acc-chile-001", ALL);
    refuseEntriesOf("webhook.secret_rotated");
    assertThatThrownBy(() -> webhooks.rotate(Caller.ANONYMOUS, created.webhook().id(), ANA))
        .isInstanceOf(MongoException.class);
    assertThat(find(created).oldSecretUntil()).isEmpty();
  }

  @Test
  void refusedWebhookIsNotAudited() {
    for (int i = 0; i < WebhookService.MOST; i++) {
      create("acc-chile-001", ALL);
    }
    assertThatThrownBy(() -> create("acc-chile-001", ALL)).isInstanceOf(WebhookException.class);
    assertThat(fixture.db().auditLog().countDocuments()).isEqualTo(WebhookService.MOST);
  }

  private void refuseEntriesOf(String action) {
    Document others = new Document("action", new Document("$ne", action));
    fixture
        .db()
        .database()
        .runCommand(new Document("collMod", "audit_log").append("validator", others));
  }

  @Test
  void changesOfWebhooksAreAudited() {
    Created created = create("acc-chile-001", ALL);
    webhooks.rotate(Caller.ANONYMOUS, created.webhook().id(), ANA);
    webhooks.delete(Caller.ANONYMOUS, created.webhook().id(), ANA);
    assertThat(fixture.db().auditLog().find())
        .extracting(entry -> entry.getString("action"))
        .containsExactly("webhook.created", "webhook.secret_rotated", "webhook.deleted");
    assertThat(fixture.db().auditLog().find())
        .allSatisfy(
            entry ->
                assertThat(entry)
                    .containsEntry("subject", created.webhook().id())
                    .containsEntry("account_id", "acc-chile-001")
                    .containsEntry("actor", "ana"));
  }
}

package dev.pulso.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.access.Caller;
import dev.pulso.webhooks.WebhookService.Created;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** An account has 20 webhooks at most. */
class WebhookLimitIT extends DeliveryWorld {
  private static final int MOST = WebhookService.MOST;

  @Test
  void twentyFirstIsRefused() {
    List<Created> all = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      all.add(create("acc-chile-001", ALL));
    }
    assertThatThrownBy(() -> create("acc-chile-001", ALL))
        .isInstanceOf(WebhookException.class)
        .hasMessage("An account can have at most 20 webhooks.");
    create("acc-peru-001", ALL);
    webhooks.delete(Caller.ANONYMOUS, all.get(7).webhook().id(), ANA);
    create("acc-chile-001", ALL);
    assertThatThrownBy(() -> create("acc-chile-001", ALL)).isInstanceOf(WebhookException.class);
  }

  @Test
  void fortyAtOnceMakeTwenty() throws Exception {
    assertThat(createdOf(2 * MOST)).isEqualTo(MOST);
    assertThat(fixture.db().webhooks().countDocuments()).isEqualTo(MOST);
  }

  /** Webhooks of older versions have no slot. */
  @Test
  void olderWebhooksCount() throws Exception {
    for (int i = 0; i < MOST - 4; i++) {
      create("acc-chile-001", ALL);
    }
    Document unset = new Document("$unset", new Document("slot", ""));
    fixture.db().webhooks().updateMany(new Document(), unset);
    create("acc-chile-001", ALL);
    assertThat(createdOf(10)).isEqualTo(3);
    assertThat(fixture.db().webhooks().countDocuments()).isEqualTo(MOST);
  }

  private long createdOf(int many) throws InterruptedException, ExecutionException {
    Callable<Boolean> creation =
        () -> {
          try {
            create("acc-chile-001", ALL);
            return true;
          } catch (WebhookException e) {
            assertThat(e.reason()).isEqualTo(WebhookException.Reason.TOO_MANY_WEBHOOKS);
            return false;
          }
        };
    long created = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(many)) {
      List<Callable<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        all.add(creation);
      }
      for (Future<Boolean> one : threads.invokeAll(all)) {
        created += one.get() ? 1 : 0;
      }
    }
    return created;
  }
}

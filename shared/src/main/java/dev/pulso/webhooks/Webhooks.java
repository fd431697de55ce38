package dev.pulso.webhooks;

import dev.pulso.batch.AuditLog;
import dev.pulso.mongo.Db;
import java.util.List;
import java.util.function.Supplier;

/** Makes the parts that have to do with webhooks. */
public final class Webhooks {
  private final WebhookService service;
  private final DeliveryService delivery;
  private final EventFanOut fanOut;

  /**
   * @param keys returns the keys that encrypt secrets; asked for when one is written, and in each
   *     run of deliveries
   */
  public Webhooks(Db db, AuditLog auditLog, Supplier<List<String>> keys, Targets targets) {
    WebhookStore webhooks = new WebhookStore(db, new Secrets(keys));
    DeliveryStore deliveries = new DeliveryStore(db);
    this.fanOut = new EventFanOut(db, webhooks, deliveries);
    this.service = new WebhookService(db, auditLog, webhooks, deliveries, targets);
    this.delivery = new DeliveryService(db, fanOut, webhooks, deliveries);
  }

  public WebhookService service() {
    return service;
  }

  public DeliveryService delivery() {
    return delivery;
  }

  public EventFanOut fanOut() {
    return fanOut;
  }
}

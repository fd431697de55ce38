package dev.pulso.webhooks;

import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.AuditAction;
import dev.pulso.batch.AuditLog;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.UniqueIds;
import dev.pulso.webhooks.WebhookException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Webhooks of accounts, for callers who may operate batches. Each method throws a {@link
 * dev.pulso.access.ForbiddenException} when the caller lacks that scope, and a {@link
 * WebhookException} when the webhook is not the caller's. Audit entries come first: one may be of a
 * change that then failed, but no audited change is without one.
 */
public final class WebhookService {
  /** Most webhooks of an account. */
  public static final int MOST = 20;

  private static final int LONGEST_LIST = 1_000;
  static final String TEST = "webhook.test";

  private final Db db;
  private final AuditLog auditLog;
  private final WebhookStore webhooks;
  private final DeliveryStore deliveries;
  private final Targets targets;

  WebhookService(
      Db db, AuditLog auditLog, WebhookStore webhooks, DeliveryStore deliveries, Targets targets) {
    this.db = db;
    this.auditLog = auditLog;
    this.webhooks = webhooks;
    this.deliveries = deliveries;
    this.targets = targets;
  }

  /**
   * A new webhook, or one with a new secret.
   *
   * @param secret the text of the secret; no later answer contains it
   */
  public record Created(Webhook webhook, String secret) {}

  /**
   * Creates a webhook.
   *
   * @param account whose; may be missing if the caller has only one
   */
  public Created create(
      Caller caller, Optional<String> account, String url, List<String> events, Origin origin) {
    auditLog.admit(caller, AuditAction.WEBHOOK_DENIED, account, origin);
    String owner = account.orElseGet(() -> onlyAccount(caller));
    caller.accounts().narrowedTo(owner);
    targets
        .problem(url)
        .ifPresent(
            problem -> {
              throw new WebhookException(Reason.INVALID_URL, problem);
            });
    return webhooks
        .insert(
            owner,
            url,
            events,
            origin.actor(),
            MOST,
            id -> auditLog.note(AuditAction.WEBHOOK_CREATED, owner, id, origin))
        .orElseThrow(
            () ->
                new WebhookException(
                    Reason.TOO_MANY_WEBHOOKS,
                    "An account can have at most " + MOST + " webhooks."));
  }

  private static String onlyAccount(Caller caller) {
    return caller
        .accounts()
        .only()
        .filter(accounts -> accounts.size() == 1)
        .map(accounts -> accounts.iterator().next())
        .orElseThrow(
            () ->
                new WebhookException(
                    Reason.ACCOUNT_REQUIRED,
                    "account_id is required: the account whose events the webhook gets."));
  }

  /** Returns the webhooks that the caller may see, of one account if it is given. */
  public List<Webhook> list(Caller caller, Optional<String> account, Origin origin) {
    auditLog.admit(caller, AuditAction.WEBHOOK_DENIED, account, origin);
    Accounts visible = account.map(caller.accounts()::narrowedTo).orElse(caller.accounts());
    return webhooks.list(visible, LONGEST_LIST);
  }

  public Webhook find(Caller caller, String id, Origin origin) {
    auditLog.admit(caller, AuditAction.WEBHOOK_DENIED, Optional.empty(), origin);
    return webhooks.find(caller.accounts(), id).orElseThrow(WebhookException::unknownWebhook);
  }

  /**
   * Deletes a webhook. Its deliveries cannot be seen any more, those that wait fail without being
   * sent, and all expire: there may be too many to delete in one request.
   */
  public void delete(Caller caller, String id, Origin origin) {
    Webhook webhook = find(caller, id, origin);
    auditLog.note(AuditAction.WEBHOOK_DELETED, webhook.accountId(), id, origin);
    webhooks.delete(webhook.id());
  }

  /** Delivers to a disabled webhook again. What failed meanwhile is not sent by itself. */
  public Webhook enable(Caller caller, String id, Origin origin) {
    Webhook webhook = find(caller, id, origin);
    return webhooks.enable(webhook.id()).orElseThrow(WebhookException::unknownWebhook);
  }

  /** Gives a webhook another secret; for a day, deliveries are signed with the one before, too. */
  public Created rotate(Caller caller, String id, Origin origin) {
    Webhook webhook = find(caller, id, origin);
    return webhooks
        .rotate(
            webhook.id(),
            () ->
                auditLog.note(AuditAction.WEBHOOK_SECRET_ROTATED, webhook.accountId(), id, origin))
        .orElseThrow(WebhookException::unknownWebhook);
  }

  /**
   * Sends one delivery of type {@code webhook.test}, which is not repeated.
   *
   * @return its id
   */
  public String test(Caller caller, String id, Origin origin) {
    Webhook webhook = enabled(caller, id, origin);
    String delivery = "msg_" + UniqueIds.next().toHexString();
    Instant now = db.now();
    String body = Payload.test(TEST, now, webhook.id());
    deliveries.insert(
        List.of(DeliveryStore.due(delivery, webhook.id(), TEST, body, now, Duration.ZERO)));
    return delivery;
  }

  /**
   * Returns deliveries of the last 30 days, the newest first.
   *
   * @param status only these; empty: all
   * @param cursor of the page before
   */
  public DeliveryPage deliveries(
      Caller caller,
      String id,
      Optional<String> status,
      Optional<String> cursor,
      int limit,
      Origin origin) {
    Webhook webhook = find(caller, id, origin);
    return DeliveryPage.of(
        deliveries.list(webhook.id(), status, cursor.map(DeliveryPage::place), limit + 1), limit);
  }

  /** Sends a delivery again, with the same id, and for three days if it fails. */
  public Delivery redeliver(Caller caller, String id, String delivery, Origin origin) {
    Webhook webhook = enabled(caller, id, origin);
    return deliveries
        .again(webhook.id(), delivery, Retries.PATIENCE)
        .orElseThrow(() -> new WebhookException(Reason.DELIVERY_NOT_FOUND, "Delivery not found"));
  }

  private Webhook enabled(Caller caller, String id, Origin origin) {
    Webhook webhook = find(caller, id, origin);
    if (webhook.disabledAt().isPresent()) {
      throw new WebhookException(
          Reason.WEBHOOK_DISABLED, "The webhook is disabled. Enable it first.");
    }
    return webhook;
  }
}

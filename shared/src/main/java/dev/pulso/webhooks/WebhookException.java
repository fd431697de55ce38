package dev.pulso.webhooks;

/** Thrown when a request about webhooks cannot be granted; its message says why. */
public final class WebhookException extends RuntimeException {
  /** Why not. */
  public enum Reason {
    /** There is no such webhook, or it belongs to an account that the caller may not see. */
    WEBHOOK_NOT_FOUND,
    /** The webhook has no such delivery, or it is older than 30 days. */
    DELIVERY_NOT_FOUND,
    /** The caller has several accounts, and named none. */
    ACCOUNT_REQUIRED,
    /** The URL is invalid, or points to a place that is not allowed. */
    INVALID_URL,
    TOO_MANY_WEBHOOKS,
    WEBHOOK_DISABLED
  }

  private final Reason reason;

  WebhookException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  static WebhookException unknownWebhook() {
    return new WebhookException(Reason.WEBHOOK_NOT_FOUND, "Webhook not found");
  }

  public Reason reason() {
    return reason;
  }
}

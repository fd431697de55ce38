package dev.pulso.webhooks;

import java.util.Arrays;
import java.util.List;

/** The events that a webhook can ask for. */
public enum WebhookEvent {
  COMPLETED("batch.completed"),
  CANCELLED("batch.cancelled"),
  PAUSED("batch.paused"),
  RESUMED("batch.resumed"),
  /** A further tenth of the jobs has succeeded. */
  PROGRESS("batch.progress");

  private final String value;

  WebhookEvent(String value) {
    this.value = value;
  }

  /** Returns the value of {@code type} in a delivery. */
  public String value() {
    return value;
  }

  /** Returns all values. */
  public static List<String> all() {
    return Arrays.stream(values()).map(WebhookEvent::value).toList();
  }
}

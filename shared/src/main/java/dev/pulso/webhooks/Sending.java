package dev.pulso.webhooks;

import dev.pulso.observe.Log;
import dev.pulso.webhooks.Transport.Answer;
import dev.pulso.webhooks.Transport.FailedException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes one attempt of a delivery, and notes what became of it. */
final class Sending {
  private static final int GONE = 410;

  private final WebhookStore webhooks;
  private final DeliveryStore deliveries;
  private final Transport transport;
  private final Retries retries;

  Sending(WebhookStore webhooks, DeliveryStore deliveries, Transport transport, Retries retries) {
    this.webhooks = webhooks;
    this.deliveries = deliveries;
    this.transport = transport;
    this.retries = retries;
  }

  /**
   * Sends a delivery, unless another process does.
   *
   * @return whether it arrived; empty if it was not sent
   */
  Optional<Boolean> send(DeliveryStore.Due due) {
    Optional<Attempt> begun = deliveries.begin(due);
    if (begun.isEmpty()) {
      return Optional.empty();
    }
    Attempt attempt = begun.get();
    Optional<WebhookStore.Signed> to = webhooks.signed(attempt.webhookId(), attempt.at());
    if (to.filter(found -> found.webhook().disabledAt().isEmpty()).isEmpty()) {
      String why = to.isPresent() ? "webhook_disabled" : "webhook_deleted";
      deliveries.end(attempt, DeliveryStore.FAILED, failed(why, Duration.ZERO));
      return Optional.empty();
    }
    if (to.get().secrets().isEmpty()) {
      postpone(attempt);
      return Optional.of(false);
    }
    Result result = post(attempt, to.get());
    note(attempt, result);
    return Optional.of(result.error().isEmpty());
  }

  /** It is not the receiver's fault, so the three days begin when the secret can be read again. */
  private void postpone(Attempt attempt) {
    Result result = failed("secret_unreadable", Duration.ZERO);
    if (attempt.type().equals(WebhookService.TEST)) {
      deliveries.end(attempt, DeliveryStore.FAILED, result);
    } else {
      Attempt patient = attempt.withGiveUpAt(attempt.at().plus(Retries.PATIENCE));
      deliveries.retry(patient, retries.next(patient, result), result);
    }
  }

  private Result post(Attempt attempt, WebhookStore.Signed to) {
    long start = System.nanoTime();
    try {
      Answer answer = transport.post(to.webhook().url(), headers(attempt, to), attempt.body());
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      boolean isSuccess = answer.status() >= 200 && answer.status() < 300;
      return new Result(
          Optional.of(answer.status()),
          isSuccess ? Optional.empty() : Optional.of("status_" + answer.status()),
          Retries.asked(answer, attempt.at().plus(took)),
          took);
    } catch (FailedException e) {
      return failed(e.getMessage(), Duration.ofNanos(System.nanoTime() - start));
    } catch (RuntimeException e) {
      // Without a result, the attempt would be repeated each minute, for ever.
      Log.failure(DeliveryReport.ENDPOINT, Optional.empty(), "DELIVERY_FAILED", e);
      return failed("internal_error", Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private static Result failed(String error, Duration took) {
    return new Result(Optional.empty(), Optional.of(error), Optional.empty(), took);
  }

  /** The timestamp is that of the database: receivers refuse one that is minutes off. */
  private static Map<String, String> headers(Attempt attempt, WebhookStore.Signed to) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "application/json");
    headers.put("user-agent", "Pulso-Webhooks/1.0");
    headers.put("webhook-id", attempt.deliveryId());
    headers.put("webhook-timestamp", Long.toString(attempt.at().getEpochSecond()));
    headers.put(
        "webhook-signature",
        to.secrets().stream()
            .map(secret -> secret.sign(attempt.deliveryId(), attempt.at(), attempt.body()))
            .collect(Collectors.joining(" ")));
    return headers;
  }

  private void note(Attempt attempt, Result result) {
    if (result.error().isEmpty()) {
      deliveries.end(attempt, DeliveryStore.SUCCEEDED, result);
      return;
    }
    boolean isGone = result.status().filter(status -> status == GONE).isPresent();
    if (!isGone && !attempt.isLast()) {
      deliveries.retry(attempt, retries.next(attempt, result), result);
    } else if (attempt.type().equals(WebhookService.TEST)) {
      deliveries.end(attempt, DeliveryStore.FAILED, result);
    } else if (isGone) {
      giveUp(attempt, result, "The receiver answered 410 Gone.");
    } else {
      giveUp(
          attempt,
          result,
          "Delivery "
              + attempt.deliveryId()
              + " failed for three days; the last attempt: "
              + result.error().get()
              + ".");
    }
  }

  /**
   * Disables first: if the process dies in between, the delivery is attempted, and ends so too. If
   * somebody sent the delivery again meanwhile, that attempt decides.
   */
  private void giveUp(Attempt attempt, Result result, String reason) {
    if (deliveries.isLatest(attempt)) {
      webhooks.disable(attempt.webhookId(), reason);
      deliveries.end(attempt, DeliveryStore.FAILED, result);
    }
  }
}

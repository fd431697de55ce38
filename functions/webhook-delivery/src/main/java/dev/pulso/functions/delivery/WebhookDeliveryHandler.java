package dev.pulso.functions.delivery;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.http.Failures;
import dev.pulso.observe.LoggedException;
import dev.pulso.time.Deadline;
import dev.pulso.webhooks.DeliveryReport;
import dev.pulso.webhooks.Targets;
import dev.pulso.webhooks.Transport;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Delivers events to webhooks for a minute, after which the schedule begins the next run. A run
 * then waits for attempts that have begun; so two runs may overlap.
 */
public final class WebhookDeliveryHandler
    implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** For the last attempts, and their writes. */
  private static final Duration MARGIN = Transport.LIMIT.plusSeconds(8);

  private final Pulso pulso;
  private final Transport transport;

  /** Used by Lambda. */
  public WebhookDeliveryHandler() {
    this(ColdStart.pulso());
  }

  /** Uses a Pulso that the caller closes. */
  public WebhookDeliveryHandler(Pulso pulso) {
    this.pulso = pulso;
    this.transport = HttpTransport.to(new Targets(pulso.settings().webhooks().toLoopback())::allow);
  }

  /**
   * Delivers once around. Ignores the content of the event.
   *
   * @return how many attempts it made, and how many of them failed
   * @throws LoggedException when the database is away at the end
   */
  @Override
  public Map<String, Object> handleRequest(Map<String, Object> schedule, Context context) {
    Deadline deadline = Deadline.of(context, MARGIN, LONGEST);
    DeliveryReport report =
        Failures.logged(
            DeliveryReport.ENDPOINT, Optional.empty(), () -> pulso.deliver(transport, deadline));
    return Map.of("deliveries", report.sent(), "delivery_failures", report.failed());
  }
}

package dev.pulso.functions.push;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.http.Failures;
import dev.pulso.observe.LoggedException;
import dev.pulso.push.Outbound;
import dev.pulso.push.PushReport;
import dev.pulso.time.Deadline;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Pushes to connected clients for its minute, or recounts batches early when an event says that
 * their jobs changed.
 */
public final class EventPushHandler
    implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  /** Longer than a minute: the next run begins before this one ends, and waits for the lease. */
  private static final Duration LONGEST = Duration.ofSeconds(66);

  /** What is on its way, and the handover. */
  private static final Duration MARGIN = Duration.ofSeconds(12);

  private static final Duration EARLY_RECOUNT = Duration.ofSeconds(10);

  private final Pulso pulso;
  private final Outbound outbound;

  /** Used by Lambda. */
  public EventPushHandler() {
    this(ColdStart.pulso());
  }

  /** Uses a Pulso that the caller closes. */
  public EventPushHandler(Pulso pulso) {
    this(pulso, managementApi(System.getenv()));
  }

  EventPushHandler(Pulso pulso, Outbound outbound) {
    this.pulso = pulso;
    this.outbound = outbound;
  }

  static Outbound managementApi(Map<String, String> environment) {
    String region = environment.getOrDefault("AWS_REGION", "us-east-1");
    return new ManagementApi(
        URI.create(environment.getOrDefault("MANAGEMENT_URL", "https://localhost")),
        new Signature(Credentials.from(environment), region, "execute-api"),
        Clock.systemUTC());
  }

  /**
   * Pushes, or follows a signal. A signal that fails is only logged, and the answer says so: nobody
   * misses it, and many come in a moment without a primary.
   *
   * @throws LoggedException when the database is away while it pushes
   */
  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    if ("JobsChanged".equals(event.get("detail-type"))) {
      try {
        return logged(() -> recounted(batchIds(event.get("detail"))));
      } catch (LoggedException e) {
        return Map.of("recounts", 0, "failed", true);
      }
    }
    return logged(() -> pushed(context));
  }

  private static Map<String, Object> logged(Supplier<Map<String, Object>> work) {
    return Failures.logged(PushReport.ENDPOINT, Optional.empty(), work);
  }

  private Map<String, Object> recounted(List<String> batchIds) {
    return Map.of("recounts", pulso.recountEarly(batchIds, EARLY_RECOUNT));
  }

  private Map<String, Object> pushed(Context context) {
    PushReport report = pulso.push(outbound, Deadline.of(context, MARGIN, LONGEST).remaining());
    return Map.of("connections", report.connections(), "messages", report.messages());
  }

  /** A signal is a hint: what is no batch_id in it is left out. */
  private static List<String> batchIds(Object detail) {
    return detail instanceof Map<?, ?> map && map.get("batch_ids") instanceof List<?> ids
        ? ids.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }
}

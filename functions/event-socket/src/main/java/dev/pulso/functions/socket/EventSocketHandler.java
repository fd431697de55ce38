package dev.pulso.functions.socket;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.http.Failures;
import dev.pulso.http.Problem;
import dev.pulso.observe.Log;
import dev.pulso.observe.LoggedException;
import dev.pulso.observe.Observation;
import dev.pulso.observe.RequestReport;
import dev.pulso.push.ClientService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The WebSocket API: decides who may connect, and answers messages. It never sends anything but the
 * answer to a message. An unknown message gets an error, and the connection stays.
 */
public final class EventSocketHandler
    implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private static final String STATUS = "statusCode";
  private static final String ANY = "*";

  /** Under ./run. Any other name may be made to lead to this machine (DNS rebinding). */
  private static final Pattern THIS_MACHINE =
      Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]{1,5})?");

  private final Pulso pulso;

  /** Used by Lambda. */
  public EventSocketHandler() {
    this(ColdStart.pulso());
  }

  /** Uses a Pulso that the caller closes. */
  public EventSocketHandler(Pulso pulso) {
    this.pulso = pulso;
  }

  /** What the gateway is told, and the HTTP status that counts. */
  private record Answer(int status, Map<String, Object> toGateway) {}

  /**
   * Answers the gateway.
   *
   * @throws LoggedException when it fails otherwise than by a message
   */
  @Override
  public Map<String, Object> handleRequest(Map<String, Object> input, Context context) {
    SocketEvent event = new SocketEvent(input);
    RequestReport report =
        new RequestReport("event-socket", Optional.of(event.route()), "unknown", event.requestId());
    return Failures.logged(
            event.route(),
            event.requestId(),
            () -> pulso.observer().request(report, () -> answer(event), Answer::status))
        .toGateway();
  }

  private Answer answer(SocketEvent event) {
    if (event.isAuthorization()) {
      boolean isAllowed = isAllowed(event);
      return new Answer(isAllowed ? 200 : 403, policy(event, isAllowed));
    }
    switch (event.route()) {
      case "$connect" -> {
        // The authorizer has stored the connection.
      }
      case "$disconnect" ->
          pulso.ask(
              all -> {
                all.clients().left(event.connection());
                return true;
              });
      default -> {
        return reply(event);
      }
    }
    return new Answer(200, Map.of(STATUS, 200));
  }

  private boolean isAllowed(SocketEvent event) {
    return isOriginAllowed(event)
        && pulso.ask(all -> all.clients().admit(event.connection(), event.ticket()));
  }

  /** Only pages send an origin. One of the same loopback host is the page that ./run serves. */
  private boolean isOriginAllowed(SocketEvent event) {
    List<String> allowed = pulso.settings().allowedOrigins();
    String host = event.header("host").orElse("");
    return event
        .header("origin")
        .filter(origin -> !allowed.contains(ANY) && !allowed.contains(origin))
        .filter(origin -> !origin.equals("http://" + host) || !isThisMachine(host))
        .isEmpty();
  }

  private static boolean isThisMachine(String host) {
    return THIS_MACHINE.matcher(host).matches();
  }

  private Answer reply(SocketEvent event) {
    try {
      return reply(
          200, pulso.ask(all -> all.clients().answer(event.connection(), event.message())));
    } catch (RuntimeException e) {
      Problem problem = Failures.problem(e);
      if (Failures.isOurs(problem)) {
        Log.failure(event.route(), event.requestId(), problem.code(), e);
      }
      Observation.current().problem(problem.code());
      return reply(problem.status(), ClientService.failed(event.message(), problem));
    }
  }

  /** The gateway sends the client no body but one with 200. */
  private static Answer reply(int status, String body) {
    return new Answer(status, Map.of(STATUS, 200, "body", body));
  }

  /** Returns the answer of an authorizer: an IAM policy. */
  private static Map<String, Object> policy(SocketEvent event, boolean isAllowed) {
    Map<String, Object> statement =
        Map.of(
            "Action",
            "execute-api:Invoke",
            "Effect",
            isAllowed ? "Allow" : "Deny",
            "Resource",
            event.methodArn());
    return Map.of(
        "principalId",
        event.connection(),
        "policyDocument",
        Map.of("Version", "2012-10-17", "Statement", List.of(statement)));
  }
}

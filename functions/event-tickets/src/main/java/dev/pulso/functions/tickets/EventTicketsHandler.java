package dev.pulso.functions.tickets;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.http.Answers;
import dev.pulso.http.ApiHandler;
import dev.pulso.http.ApiRequest;
import dev.pulso.push.Tickets;
import dev.pulso.time.Deadline;

/** POST /api/v1/events/tickets: a ticket to connect with, in place of the token. */
public final class EventTicketsHandler extends ApiHandler {
  private final Pulso pulso;

  /** Used by Lambda. */
  public EventTicketsHandler() {
    this(ColdStart.pulso());
  }

  /** Uses a Pulso that the caller closes. */
  public EventTicketsHandler(Pulso pulso) {
    super(pulso.settings(), pulso.observer(), "event-tickets", "POST");
    this.pulso = pulso;
  }

  @Override
  protected APIGatewayV2HTTPResponse answer(ApiRequest request, Caller caller, Deadline deadline) {
    caller.readable();
    String ticket = pulso.ask(all -> all.tickets().issue(request.claims()));
    return Answers.json(
        200,
        json ->
            json.text("ticket", ticket)
                .number("expires_in", Tickets.VALIDITY.toSeconds())
                .text("url", pulso.settings().eventsUrl()));
  }
}

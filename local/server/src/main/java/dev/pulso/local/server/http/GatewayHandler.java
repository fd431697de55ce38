package dev.pulso.local.server.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.http.BadRequestException;
import dev.pulso.local.server.http.RequestBody.RefusedException;
import dev.pulso.local.server.http.RouteTable.Match;
import dev.pulso.observe.Log;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the work of API Gateway: route, authorizer, event, invocation with a timeout, response. Runs
 * on one virtual thread per request. A function runs on its own thread, which is interrupted at the
 * timeout.
 */
final class GatewayHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayHandler.class);
  private static final String REQUEST_ID_HEADER = "apigw-requestid";

  private final RouteTable routes;
  private final Cors cors;
  private final Authorizer authorizer;
  private final EventTranslation translation;
  private final Duration timeLimit;
  private final ExecutorService invocations;

  GatewayHandler(
      RouteTable routes,
      Cors cors,
      Authorizer authorizer,
      EventTranslation translation,
      Duration timeLimit,
      ExecutorService invocations) {
    this.routes = routes;
    this.cors = cors;
    this.authorizer = authorizer;
    this.translation = translation;
    this.timeLimit = timeLimit;
    this.invocations = invocations;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback)
      throws IOException, InterruptedException {
    if (Cors.isPreflight(request)) {
      cors.answerPreflight(request, response);
      Answer.send(new byte[0], response, callback);
      return true;
    }
    byte[] body = answer(request, response);
    cors.decorate(request, response);
    Answer.send(body, response, callback);
    return true;
  }

  private byte[] answer(Request request, Response response)
      throws IOException, InterruptedException {
    try {
      // Before any answer: Jetty ends a connection with an unread body, and does not say so.
      byte[] content = RequestBody.read(request, timeLimit);
      String path = request.getHttpURI().getPath();
      Optional<Match> match = routes.find(request.getMethod(), path == null ? "" : path);
      if (match.isEmpty()) {
        return Answer.prepare(EdgeProblems.NOT_FOUND, response);
      }
      Optional<Map<String, String>> claims = authorizer.claims(authorization(request));
      APIGatewayV2HTTPEvent event = translation.event(request, match.get(), content, claims);
      response.getHeaders().put(REQUEST_ID_HEADER, event.getRequestContext().getRequestId());
      return invoke(match.get().route().function(), event, response);
    } catch (BadRequestException e) {
      return Answer.prepare(EdgeProblems.MALFORMED_ENCODING, response);
    } catch (UnauthorizedException e) {
      return Answer.prepare(EdgeProblems.unauthenticated(e), response);
    } catch (RefusedException e) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
      return Answer.prepare(e.problem(), response);
    }
  }

  private static Optional<String> authorization(Request request) {
    List<String> values = request.getHeaders().getValuesList(HttpHeader.AUTHORIZATION);
    return values.isEmpty() ? Optional.empty() : Optional.of(String.join(",", values));
  }

  private byte[] invoke(LambdaFunction function, APIGatewayV2HTTPEvent event, Response response)
      throws InterruptedException {
    Duration timeout = function.timeout().compareTo(timeLimit) < 0 ? function.timeout() : timeLimit;
    LambdaContext context = new LambdaContext(function.name(), timeout, function.memoryMb());
    Future<APIGatewayV2HTTPResponse> invocation =
        invocations.submit(() -> function.handler().handleRequest(event, context));
    try {
      APIGatewayV2HTTPResponse answer = invocation.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (answer != null) {
        return Answer.prepare(answer, response);
      }
      LOG.error("{} returned no response", function.name());
      return Answer.prepare(EdgeProblems.INTERNAL_ERROR, response);
    } catch (ExecutionException e) {
      LOG.error("{} failed: {}", function.name(), Log.describe(e.getCause()));
      return Answer.prepare(EdgeProblems.INTERNAL_ERROR, response);
    } catch (TimeoutException e) {
      invocation.cancel(true);
      LOG.error("{} exceeded its timeout of {} ms", function.name(), timeout.toMillis());
      return Answer.prepare(EdgeProblems.TIMED_OUT, response);
    }
  }
}

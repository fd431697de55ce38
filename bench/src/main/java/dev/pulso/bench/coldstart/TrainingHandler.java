package dev.pulso.bench.coldstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.http.ApiHandler;
import java.util.HashMap;
import java.util.Map;
import org.bson.Document;

/**
 * All functions in one process, for the training run of a {@link FunctionImage}. Stage variables of
 * the event name the handler, and carry the event of one that answers no requests.
 */
public final class TrainingHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  static final String HANDLER = "handler";
  static final String SAMPLE = "sample";

  private final Map<String, Object> handlers = new HashMap<>();

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    Object handler =
        handlers.computeIfAbsent(event.getStageVariables().get(HANDLER), TrainingHandler::make);
    if (handler instanceof ApiHandler api) {
      return api.handleRequest(event, context);
    }
    @SuppressWarnings("unchecked")
    var other = (RequestHandler<Map<String, Object>, Map<String, Object>>) handler;
    other.handleRequest(Document.parse(event.getStageVariables().get(SAMPLE)), context);
    return APIGatewayV2HTTPResponse.builder().withStatusCode(200).withBody("{}").build();
  }

  private static Object make(String type) {
    try {
      return Class.forName(type).getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no handler " + type, e);
    }
  }
}

package dev.pulso.bench.coldstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** The bare handler, whose answer is written by data binding, as most people would write it. */
public final class DataBindingHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  private final BareHandler bare = new BareHandler();
  private final JsonMapper json = JsonMapper.builder().build();

  /** A status, as a record that is bound. */
  public record Status(String batchId, boolean active, long total, double progress) {}

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    APIGatewayV2HTTPResponse read = bare.handleRequest(event, context);
    String batchId = event.getPathParameters().get("batch_id");
    try {
      return APIGatewayV2HTTPResponse.builder()
          .withStatusCode(read.getStatusCode())
          .withBody(json.writeValueAsString(new Status(batchId, true, 1_924, 3.64)))
          .build();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record that can't be written", e);
    }
  }
}

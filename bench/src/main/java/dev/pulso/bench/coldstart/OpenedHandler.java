package dev.pulso.bench.coldstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

/** Opens the driver and reads nothing: its classes, its threads, no server that is waited for. */
public final class OpenedHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  private final MongoClient client = MongoClients.create(System.getenv("MONGODB_URI"));

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    String name = client.getDatabase(System.getenv("MONGODB_DATABASE")).getName();
    return APIGatewayV2HTTPResponse.builder().withStatusCode(200).withBody(name).build();
  }
}

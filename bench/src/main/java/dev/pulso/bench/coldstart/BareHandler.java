package dev.pulso.bench.coldstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.model.Filters;
import org.bson.Document;

/** The smallest function that reads a document: it opens the driver and reads it. */
public final class BareHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  private final MongoClient client = MongoClients.create(System.getenv("MONGODB_URI"));

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    Document batch =
        client
            .getDatabase(System.getenv("MONGODB_DATABASE"))
            .getCollection("batches")
            .find(Filters.eq("batch_id", event.getPathParameters().get("batch_id")))
            .first();
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(batch == null ? 404 : 200)
        .withBody(batch == null ? "{}" : batch.toJson())
        .build();
  }
}

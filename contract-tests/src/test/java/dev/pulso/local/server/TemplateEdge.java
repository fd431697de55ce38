package dev.pulso.local.server;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.Pulso;
import dev.pulso.local.server.http.Authorizer;
import dev.pulso.local.server.http.RunningEdge;
import dev.pulso.local.server.template.FunctionDefinition;
import dev.pulso.local.server.template.Template;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The edge of {@code ./run}: the template's routes and their functions. */
public final class TemplateEdge {
  static final Template TEMPLATE = Functions.read(Project.root().resolve("template.yaml"));

  private TemplateEdge() {}

  /** Serves over a Pulso that the caller closes. No request takes longer than the limit. */
  public static RunningEdge over(Pulso pulso, Duration limit) throws IOException {
    return new RunningEdge(
        Functions.routes(TEMPLATE, pulso), Authorizer.OPEN, limit, TEMPLATE.cors(), List.of());
  }

  /** Returns the functions by the paths of their routes. */
  public static Map<String, RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>>
      functions(Pulso pulso) {
    Map<String, RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>> functions =
        new HashMap<>();
    for (FunctionDefinition definition : TEMPLATE.behindTheApi()) {
      var function = Functions.handler(definition, pulso);
      definition.routes().forEach(route -> functions.put(route.path(), function));
    }
    return functions;
  }
}

package dev.pulso.local.server;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.Pulso;
import dev.pulso.local.server.http.LambdaFunction;
import dev.pulso.local.server.http.Route;
import dev.pulso.local.server.template.FunctionDefinition;
import dev.pulso.local.server.template.Template;
import dev.pulso.local.server.template.TemplateException;
import dev.pulso.local.server.template.TemplateReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes the functions of a template, all over one Pulso. */
final class Functions {
  private Functions() {}

  /**
   * Reads a template, and checks that all handlers exist.
   *
   * @throws TemplateException when it cannot be served
   */
  static Template read(Path file) {
    Template template = TemplateReader.read(file);
    template.functions().forEach(Functions::handlerClass);
    return template;
  }

  /**
   * Returns the routes of the template with their functions.
   *
   * @throws TemplateException when a class is missing or is not a handler
   */
  static List<Route> routes(Template template, Pulso pulso) {
    List<Route> routes = new ArrayList<>();
    for (FunctionDefinition definition : template.behindTheApi()) {
      LambdaFunction function =
          new LambdaFunction(
              definition.name(),
              definition.timeout(),
              definition.memoryMb(),
              handler(definition, pulso));
      definition
          .routes()
          .forEach(route -> routes.add(new Route(route.method(), route.path(), function)));
    }
    return routes;
  }

  /**
   * Makes the handler of a function.
   *
   * @throws TemplateException when the class is missing or is not a handler
   */
  static RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler(
      FunctionDefinition definition, Pulso pulso) {
    try {
      Object handler = handlerClass(definition).getConstructor(Pulso.class).newInstance(pulso);
      @SuppressWarnings("unchecked") // An HTTP API sends only these events.
      RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> typed =
          (RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>) handler;
      return typed;
    } catch (NoSuchMethodException e) {
      throw new TemplateException(
          definition.handlerClass() + " has no public constructor that takes a Pulso.", e);
    } catch (ReflectiveOperationException e) {
      throw new TemplateException(
          definition.handlerClass() + " of " + definition.name() + " cannot be created.", e);
    }
  }

  /** Returns the handler class of a function. */
  static Class<?> handlerClass(FunctionDefinition definition) {
    try {
      Class<?> type = Class.forName(definition.handlerClass());
      if (RequestHandler.class.isAssignableFrom(type)) {
        return type;
      }
      throw new TemplateException(definition.handlerClass() + " is not a RequestHandler.");
    } catch (ClassNotFoundException e) {
      throw new TemplateException(
          "Class %2$s of %1$s does not exist. Is its module a dependency of local/server?"
              .formatted(definition.name(), definition.handlerClass()),
          e);
    }
  }
}

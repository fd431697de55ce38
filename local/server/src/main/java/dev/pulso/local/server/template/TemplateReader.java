package dev.pulso.local.server.template;

import dev.pulso.local.server.http.CorsRules;
import dev.pulso.local.server.http.Route;
import dev.pulso.local.server.template.FunctionDefinition.RouteDefinition;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads the functions, routes and CORS rules of a SAM template. */
public final class TemplateReader {
  private static final int SAM_TIMEOUT_SECONDS = 3;
  private static final int SAM_MEMORY_MB = 128;

  private final Section template;
  private final Section functionDefaults;

  private TemplateReader(Section template) {
    this.template = template;
    this.functionDefaults = template.section("Globals").section("Function");
  }

  /**
   * Reads a template.
   *
   * @throws TemplateException when it cannot be read or served
   */
  public static Template read(Path file) {
    try (Reader text = Files.newBufferedReader(file)) {
      return new TemplateReader(Section.root(CloudFormationYaml.load(text))).template();
    } catch (IOException | YAMLException e) {
      throw new TemplateException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private Template template() {
    Section resources = template.section("Resources");
    List<FunctionDefinition> functions = new ArrayList<>();
    CorsRules cors = cors(template.section("Globals").section("HttpApi"));
    for (String name : resources.names()) {
      if (name.startsWith("Fn::ForEach::")) {
        refuseFunctions(name, resources.value(name));
        continue;
      }
      Section resource = resources.section(name);
      switch (resource.text("Type").orElse("")) {
        case "AWS::Serverless::Function" ->
            functions.add(function(name, resource.section("Properties")));
        case "AWS::Serverless::HttpApi" -> {
          Section properties = resource.section("Properties");
          cors = properties.names().contains("CorsConfiguration") ? cors(properties) : cors;
        }
        default -> {}
      }
    }
    refuseDoubles(functions);
    return new Template(functions, cors);
  }

  private FunctionDefinition function(String name, Section properties) {
    String handler =
        properties
            .text("Handler")
            .or(() -> functionDefaults.text("Handler"))
            .orElseThrow(() -> new TemplateException("Function " + name + " has no Handler."));
    List<RouteDefinition> routes = new ArrayList<>();
    boolean scheduled = false;
    Section events = properties.section("Events");
    for (String event : events.names()) {
      String type = events.section(event).text("Type").orElse("");
      if (type.equals("HttpApi")) {
        Section route = events.section(event).section("Properties");
        // Templates contain OPTIONS only for its authorizer: the edge answers preflights, there as
        // here.
        if (!route.text("Method").filter("OPTIONS"::equalsIgnoreCase).isPresent()) {
          routes.add(route(name, route));
        }
      }
      scheduled |= type.equals("Schedule") || type.equals("ScheduleV2");
    }
    return new FunctionDefinition(
        name,
        handler.split("::", 2)[0],
        Duration.ofSeconds(number("Timeout", properties, SAM_TIMEOUT_SECONDS)),
        number("MemorySize", properties, SAM_MEMORY_MB),
        routes,
        scheduled);
  }

  private int number(String property, Section properties, int otherwise) {
    return properties
        .number(property)
        .or(() -> functionDefaults.number(property))
        .orElse(otherwise);
  }

  private static RouteDefinition route(String function, Section properties) {
    String path = properties.text("Path").orElse(Route.DEFAULT_PATH);
    String method = properties.text("Method").orElse(Route.ANY_METHOD).toUpperCase(Locale.ROOT);
    boolean known = path.equals(Route.DEFAULT_PATH) || path.startsWith("/");
    if (!known || path.contains("+}")) {
      throw new TemplateException(
          "Function " + function + " has the path " + path + ", which cannot be served here.");
    }
    return new RouteDefinition(
        method.equals("X-AMAZON-APIGATEWAY-ANY-METHOD") ? Route.ANY_METHOD : method, path);
  }

  private CorsRules cors(Section api) {
    Section rules = api.section("CorsConfiguration").unconditional();
    Values values = new Values(template.section("Parameters"));
    return new CorsRules(
        values.list(rules.value("AllowOrigins")),
        values.list(rules.value("AllowMethods")),
        values.list(rules.value("AllowHeaders")),
        values.list(rules.value("ExposeHeaders")),
        rules.number("MaxAge").orElse(0));
  }

  private static void refuseFunctions(String loop, Optional<Object> content) {
    if (content.toString().contains("AWS::Serverless::Function")) {
      throw new TemplateException(loop + " makes functions, which cannot be served here.");
    }
  }

  private static void refuseDoubles(List<FunctionDefinition> functions) {
    Set<RouteDefinition> seen = new HashSet<>();
    for (FunctionDefinition function : functions) {
      for (RouteDefinition route : function.routes()) {
        RouteDefinition shape =
            new RouteDefinition(route.method(), route.path().replaceAll("\\{[^/]*}", "{}"));
        if (!seen.add(shape)) {
          throw new TemplateException(
              "Route %s %s of function %s also belongs to another function."
                  .formatted(route.method(), route.path(), function.name()));
        }
      }
    }
  }
}

package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.local.server.http.Route;
import dev.pulso.local.server.template.FunctionDefinition;
import dev.pulso.local.server.template.FunctionDefinition.RouteDefinition;
import dev.pulso.local.server.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Holds the template against what it names. */
class RoutesTest {
  private static final Path ROOT = Project.root();

  /** Fails by itself when a handler's class is missing. */
  private final Template template = Functions.read(ROOT.resolve("template.yaml"));

  @Test
  void thereAreRoutesAndOneFunctionOnASchedule() {
    assertThat(routes()).isNotEmpty();
    assertThat(template.onSchedule()).hasSize(1);
  }

  @Test
  void everyHandlerCanBeMadeByLambdaAndHere() throws ReflectiveOperationException {
    for (FunctionDefinition function : template.functions()) {
      Class<?> handler = Functions.handlerClass(function);
      assertThat(handler.getConstructor()).as(function.name()).isNotNull();
      assertThat(handler.getConstructor(dev.pulso.Pulso.class)).as(function.name()).isNotNull();
    }
  }

  @Test
  void everyFunctionHasASampleEvent() {
    for (FunctionDefinition function : template.functions()) {
      assertThat(ROOT.resolve("events").resolve(moduleOf(function) + ".json")).isRegularFile();
    }
  }

  @Test
  void everyRouteHasASectionInTheReadme() throws IOException {
    List<String> headings =
        Files.readString(ROOT.resolve("README.md"))
            .lines()
            .filter(line -> line.startsWith("#"))
            .toList();
    for (RouteDefinition route : routes()) {
      assertThat(headings)
          .as("headings of README.md")
          .anyMatch(heading -> heading.contains(route.path()));
    }
  }

  private List<RouteDefinition> routes() {
    return template.functions().stream()
        .flatMap(function -> function.routes().stream())
        .filter(route -> !route.path().equals(Route.DEFAULT_PATH))
        .toList();
  }

  /** {@code BatchStatusFunction} is made from the module {@code batch-status}. */
  private static String moduleOf(FunctionDefinition function) {
    return function
        .name()
        .replaceFirst("Function$", "")
        .replaceAll("(?<!^)([A-Z])", "-$1")
        .toLowerCase(Locale.ROOT);
  }
}

package dev.pulso.bench.coldstart;

import dev.pulso.bench.lab.Installation;
import dev.pulso.local.server.template.FunctionDefinition;
import dev.pulso.local.server.template.TemplateReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The sample events of all functions, for batches of an {@link Installation}. */
final class TrainingEvents {
  private static final Path SAMPLES = Path.of("events");

  /** Batches of the samples, and those that take their place. */
  private static final Map<String, String> BATCHES =
      Map.of(
          "batch-20250115-abc12345", Installation.batchId(0),
          "batch-20250119-fee00006", Installation.batchId(20),
          "678790a00000000000000004", Installation.batchId(40));

  private TrainingEvents() {}

  /** Reads the events for a {@link TrainingHandler}. */
  static List<String> read() {
    List<String> samples = samples();
    List<String> events = new ArrayList<>();
    for (FunctionDefinition function : TemplateReader.read(Path.of("template.yaml")).functions()) {
      if (function.scheduled()) {
        events.add(handledBy(function, "{\"version\": \"2.0\"}"));
      }
      samples.stream()
          .filter(sample -> isFor(function, sample))
          .forEach(sample -> events.add(handledBy(function, sample)));
    }
    return events;
  }

  private static List<String> samples() {
    List<String> samples = new ArrayList<>();
    try (Stream<Path> files = Files.list(SAMPLES)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        // There is no operation yet whose progress could be asked for.
        if (name.endsWith(".json") && !name.equals("batch-operation-progress.json")) {
          String sample = Files.readString(file);
          for (Map.Entry<String, String> batch : BATCHES.entrySet()) {
            sample = sample.replace(batch.getKey(), batch.getValue());
          }
          samples.add(sample);
        }
      }
      return samples;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isFor(FunctionDefinition function, String sample) {
    return function.routes().stream()
        .anyMatch(route -> sample.contains("\"routeKey\": \"ANY " + route.path() + "\""));
  }

  private static String handledBy(FunctionDefinition function, String event) {
    String handler =
        "{\"stageVariables\": {\"%s\": \"%s\"},"
            .formatted(TrainingHandler.HANDLER, function.handlerClass());
    return handler + event.substring(event.indexOf('{') + 1);
  }
}

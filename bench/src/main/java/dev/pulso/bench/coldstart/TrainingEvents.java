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
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.bson.Document;

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
    List<String> ofRoutes = samples();
    List<String> events = new ArrayList<>();
    for (FunctionDefinition function : TemplateReader.read(Path.of("template.yaml")).functions()) {
      if (function.routes().isEmpty()) {
        events.add(withSample(function, read(SAMPLES.resolve(folder(function) + ".json"))));
      }
      ofRoutes.stream()
          .filter(sample -> isFor(function, sample))
          .forEach(sample -> events.add(handledBy(function, sample)));
    }
    return events;
  }

  /** Returns the sample event of status, for this batch. */
  static String status(String batch) {
    return read(SAMPLES.resolve("batch-status.json")).replace(Installation.batchId(0), batch);
  }

  private static List<String> samples() {
    try (Stream<Path> files = Files.list(SAMPLES)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          // There is no operation yet whose progress could be asked for.
          .filter(file -> !file.endsWith("batch-operation-progress.json"))
          .sorted()
          .map(TrainingEvents::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      String sample = Files.readString(file);
      for (Map.Entry<String, String> batch : BATCHES.entrySet()) {
        sample = sample.replace(batch.getKey(), batch.getValue());
      }
      return sample;
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

  /** Its event is no request: a stage variable carries it. */
  private static String withSample(FunctionDefinition function, String sample) {
    Document variables =
        new Document(TrainingHandler.HANDLER, function.handlerClass())
            .append(TrainingHandler.SAMPLE, sample);
    return new Document("stageVariables", variables).toJson();
  }

  /** Returns the name of its folder, as batch-upkeep of BatchUpkeepFunction. */
  private static String folder(FunctionDefinition function) {
    return function
        .name()
        .replaceFirst("Function$", "")
        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }
}

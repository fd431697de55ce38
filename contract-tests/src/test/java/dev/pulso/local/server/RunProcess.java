package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code ./run} as a process with its output and exit status. */
final class RunProcess implements AutoCloseable {
  /** The first start builds. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Pattern READY =
      Pattern.compile("Pulso is ready on http://(?:localhost|127\\.0\\.0\\.1):([0-9]+)");

  private final Process process;
  private final List<String> output = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private RunProcess(Process process) {
    this.process = process;
    this.reader = Thread.ofPlatform().daemon().start(this::read);
  }

  /** Starts it with this data folder. */
  static RunProcess start(Path home, Map<String, String> environment, String... options)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("./run"));
    command.addAll(Arrays.asList(options));
    ProcessBuilder builder = new ProcessBuilder(command).directory(Project.root().toFile());
    builder.redirectErrorStream(true);
    builder.environment().remove("MONGODB_URI");
    builder.environment().remove("PORT");
    builder.environment().put("PULSO_HOME", home.toString());
    builder.environment().putAll(environment);
    return new RunProcess(builder.start());
  }

  /** Returns the files of classes that runs left for the next ones. */
  static List<Path> classesOfEarlierRuns() throws IOException {
    try (Stream<Path> files = Files.list(Project.root().resolve("local/server/target"))) {
      return files.filter(file -> file.getFileName().toString().startsWith("classes.jsa")).toList();
    }
  }

  static void forgetClasses() throws IOException {
    for (Path left : classesOfEarlierRuns()) {
      Files.deleteIfExists(left);
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(output::add);
    } catch (IOException | UncheckedIOException e) {
      output.add("Its output broke off: " + e);
    }
  }

  /** Waits until it is ready and has printed its suggestions, and returns its port. */
  int awaitReady() {
    Eventually.isTrue(
        PATIENCE,
        () -> output.stream().anyMatch(line -> line.contains("/cancel")) || !process.isAlive());
    assertThat(port()).as("port in %s", output).isPositive();
    return port();
  }

  private int port() {
    return output.stream()
        .map(READY::matcher)
        .filter(Matcher::find)
        .map(match -> Integer.parseInt(match.group(1)))
        .findFirst()
        .orElse(0);
  }

  /** Returns the lines so far. */
  List<String> output() {
    return output;
  }

  /** Sends SIGTERM through the handle: the process object would close its output first. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** Sends SIGKILL. */
  void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Waits for its end, and returns its exit status. */
  int awaitEnd() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("ended").isTrue();
    reader.join();
    return process.exitValue();
  }

  /** Ends it if necessary, and stores its output beside the test reports. */
  @Override
  public void close() {
    terminate();
    Eventually.isTrue(PATIENCE, () -> !process.isAlive());
    try {
      Path folder = Files.createDirectories(Path.of("target", "run-reports"));
      Files.write(folder.resolve(process.pid() + ".txt"), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

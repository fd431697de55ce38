package dev.pulso.bench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A child process, which ends when this is closed. */
public final class Child implements AutoCloseable {
  private final List<String> command;
  private final Process process;
  private final BufferedReader output;

  private Child(List<String> command, Process process) {
    this.command = command;
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a program, with standard error merged into its output. */
  public static Child start(List<String> command, Map<String, String> environment) {
    return start(Path.of(""), command, environment);
  }

  /** Starts a program in a folder, with standard error merged into its output. */
  public static Child start(Path folder, List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(folder.toAbsolutePath().toFile());
    builder.environment().putAll(environment);
    try {
      return new Child(command, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs a program, and returns its output.
   *
   * @throws IllegalStateException with the output, when it fails
   */
  public static String run(List<String> command, Map<String, String> environment) {
    try (Child child = start(command, environment)) {
      child.endInput();
      String said = child.output.lines().collect(Collectors.joining("\n"));
      if (child.process.onExit().join().exitValue() != 0) {
        throw new IllegalStateException(command + " failed: " + said);
      }
      return said;
    }
  }

  /** Starts a class of this project in a JVM like a function's. */
  public static Child java(
      Class<?> main, List<String> jvm, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(jvm(System.getProperty("java.class.path"), jvm));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return start(command, environment);
  }

  /** Returns the beginning of a command for a JVM like a function's. */
  public static List<String> jvm(String classPath, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=off");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath));
    return command;
  }

  /**
   * Waits for a matching line, and returns the match.
   *
   * @throws IllegalStateException with all output, when it ends first
   */
  public Matcher awaitLine(Pattern wanted) {
    StringBuilder said = new StringBuilder();
    try {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        Matcher matcher = wanted.matcher(line);
        if (matcher.find()) {
          return matcher;
        }
        said.append(line).append('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException(command + " did not print " + wanted + ":\n" + said);
  }

  /** Discards further output, which would fill the pipe. */
  public void drain() {
    drain(line -> {});
  }

  /** Hands on each further line. */
  public void drain(Consumer<String> line) {
    Thread.ofVirtual().start(() -> output.lines().forEach(line));
  }

  /** Closes its standard input. */
  public void endInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Process process() {
    return process;
  }

  /** Sends SIGKILL. */
  public static void kill(Process process) {
    process.destroyForcibly().onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    kill(process);
  }
}

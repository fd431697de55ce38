package dev.pulso.local.server;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

/** Prints the steps of the start with their durations. */
final class Steps {
  private final PrintStream out;

  Steps(PrintStream out) {
    this.out = out;
  }

  /** Runs a step, and prints a line about its result. */
  <T> T step(Supplier<T> step, Function<T, String> line) {
    long startNanos = System.nanoTime();
    T result = step.get();
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    out.printf(Locale.ROOT, "  %-64s %6.2f s%n", line.apply(result), seconds);
    return result;
  }

  /** Prints a detail of the current step. */
  void detail(String line) {
    out.println("    " + line);
  }

  /** Prints a line without a duration. */
  void say(String line) {
    out.println(line);
  }
}

package dev.pulso.local.server;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

/** Prints what is done step by step, each with how long it took. */
final class Steps {
  private final PrintStream out;

  Steps(PrintStream out) {
    this.out = out;
  }

  /** Does a step and prints the line that it makes of its result. */
  <T> T step(Supplier<T> step, Function<T, String> line) {
    long startNanos = System.nanoTime();
    T result = step.get();
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    out.printf(Locale.ROOT, "  %-64s %6.2f s%n", line.apply(result), seconds);
    return result;
  }

  /** Prints a line about the step that is under way. */
  void detail(String line) {
    out.println("    " + line);
  }

  /** Prints a line that is no step. */
  void say(String line) {
    out.println(line);
  }
}

package dev.pulso.bench.measure;

/** How long something takes. */
public final class Stopwatch {
  private Stopwatch() {}

  /** Does it, and says how long that took in ns. */
  public static long nanos(Runnable task) {
    long begun = System.nanoTime();
    task.run();
    return System.nanoTime() - begun;
  }
}

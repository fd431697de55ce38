package dev.pulso.bench.workers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A running {@link WorkerMain}. */
record WorkerProcess(Process process) implements AutoCloseable {
  static WorkerProcess start(String uri, String database, int seed) {
    try {
      return new WorkerProcess(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Xmx128m",
                  "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                  "-cp",
                  System.getProperty("java.class.path"),
                  WorkerMain.class.getName(),
                  uri,
                  database,
                  "" + seed)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets it end its calls, and says how many jobs it claimed. */
  long finish() {
    try {
      process.getOutputStream().close();
      return Long.parseLong(process.inputReader().readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

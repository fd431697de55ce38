package dev.pulso.local.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Another JVM that holds a server until it is killed. */
record OtherJvm(Process process, String uri) implements AutoCloseable {

  /** Starts it: with a folder for the server of a run, without one for the server of tests. */
  static OtherJvm start(Map<String, String> environment, Path... folder) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OtherJvm.class.getName())
            .redirectErrorStream(true);
    List.of(folder).forEach(path -> builder.command().add(path.toString()));
    builder.environment().clear();
    builder.environment().putAll(environment);
    // On a busy machine, Docker may not answer in time, and then the JVM ends without a server.
    List<String> said = new ArrayList<>();
    for (int tries = 0; tries < 3; tries++) {
      Process process = builder.start();
      BufferedReader printed = process.inputReader();
      for (String line = printed.readLine(); line != null; line = printed.readLine()) {
        if (line.startsWith("mongodb:")) {
          return new OtherJvm(process, line);
        }
        said.add(line);
      }
    }
    throw new AssertionError("No other JVM started a server:\n" + String.join("\n", said));
  }

  /** Sends SIGKILL, so that it cannot stop anything. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] folder) throws IOException {
    MongoServer server =
        folder.length == 0
            ? MongoServer.forTests()
            : MongoServer.forRun(Path.of(folder[0]), System.getenv(), line -> {});
    System.out.println(server.uri());
    System.exit(System.in.read());
  }
}

package dev.pulso.local.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A JVM of its own that holds a server until it is killed. */
record OtherJvm(Process process, String uri) implements AutoCloseable {

  /** With a folder it wants the server of a run, without one that of tests. */
  static OtherJvm start(Map<String, String> environment, Path... folder) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OtherJvm.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    List.of(folder).forEach(path -> builder.command().add(path.toString()));
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    BufferedReader printed = process.inputReader();
    return new OtherJvm(process, printed.readLine());
  }

  /** SIGKILL: it gets no chance to stop anything. */
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

package dev.pulso.local.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A mongod with authentication that ends with this JVM. */
final class GuardedMongod {
  private GuardedMongod() {}

  static GuardedServer start(MongodBinary binary) throws NotThisWayException {
    return FreePort.start(port -> start(binary, port));
  }

  private static GuardedServer start(MongodBinary binary, int port)
      throws PortTakenException, NotThisWayException {
    ChildServer server =
        ChildServer.start("mongodb", port, Startup.MONGOD, folder -> command(binary, folder, port));
    String self = Loopback.HOST + ":" + port;
    try {
      RootUser.make(
          "mongodb://" + self + "/?directConnection=true", self, server.process()::isAlive);
    } catch (NotThisWayException e) {
      String reason = MongodLog.reason(server.log());
      server.close();
      throw new NotThisWayException(e.getMessage() + " (" + reason + ")", e);
    }
    return new GuardedServer(self, GuardedMongod::mongosh);
  }

  /** With a key file, members and users must authenticate. */
  private static List<String> command(MongodBinary binary, Path folder, int port)
      throws IOException {
    Path key = folder.resolve("key");
    Files.writeString(key, RootUser.PASSWORD);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--------"));
    List<String> command = MongodStarter.shortLived(MongodStarter.command(binary, folder, port));
    command.addAll(List.of("--keyFile", key.toString()));
    return command;
  }

  private static Optional<GuardedServer.ShellResult> mongosh(
      Path script, String uri, Map<String, String> environment)
      throws IOException, InterruptedException {
    Optional<Path> mongosh = MongodBinary.onPath("mongosh", System.getenv());
    if (mongosh.isEmpty()) {
      return Optional.empty();
    }
    ProcessBuilder builder =
        new ProcessBuilder(
                mongosh.get().toString(), uri, "--quiet", "--norc", "--file", script.toString())
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes());
    return Optional.of(new GuardedServer.ShellResult(process.waitFor(), output));
  }
}

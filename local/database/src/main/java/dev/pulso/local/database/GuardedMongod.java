package dev.pulso.local.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A guarded server that is a mongod of this machine, and ends with this JVM. */
final class GuardedMongod {
  private GuardedMongod() {}

  static GuardedServer start(MongodBinary binary) throws NotThisWayException {
    try {
      Path folder = Files.createTempDirectory("pulso-mongodb-");
      Path log = folder.resolve("mongod.log");
      String self = Loopback.HOST + ":" + Loopback.freePort();
      ProcessHandle process =
          MongodProcess.startWatched(command(binary, folder, self), folder, log).toHandle();
      try {
        RootUser.make("mongodb://" + self + "/?directConnection=true", self, process::isAlive);
      } catch (NotThisWayException e) {
        MongodProcess.kill(process);
        throw new NotThisWayException(e.getMessage() + " (" + MongodLog.reason(log) + ")", e);
      }
      return new GuardedServer(self, GuardedMongod::mongosh);
    } catch (IOException e) {
      throw new NotThisWayException("it can't be prepared: " + e.getMessage(), e);
    }
  }

  /** With a key file, members of a set prove themselves to each other, and users have to. */
  private static List<String> command(MongodBinary binary, Path folder, String self)
      throws IOException {
    Path key = folder.resolve("key");
    Files.writeString(key, RootUser.PASSWORD);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--------"));
    return List.of(
        binary.file().toString(),
        "--replSet",
        ReplicaSet.NAME,
        "--keyFile",
        key.toString(),
        "--bind_ip",
        Loopback.HOST,
        "--port",
        self.substring(self.indexOf(':') + 1),
        "--nounixsocket",
        "--dbpath",
        folder.toString(),
        "--wiredTigerCacheSizeGB",
        "1",
        "--setParameter",
        "diagnosticDataCollectionEnabled=0");
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

package dev.pulso.local.database;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.ExecConfig;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** A server with authentication in a container that ends with this JVM. */
final class GuardedContainer {
  private static final String START =
      """
      head -c 300 /dev/urandom | base64 -w0 >/tmp/key && chmod 400 /tmp/key &&
      exec mongod --replSet %s --keyFile /tmp/key --bind_ip_all
      """
          .formatted(ReplicaSet.NAME);

  /** Runs inside the container, because only there anyone may create the first user. */
  private static final String FIRST_USER =
      """
      rs.initiate({_id: "%s", members: [{_id: 0, host: "localhost:27017"}],
        writeConcernMajorityJournalDefault: false});
      while (!db.hello().isWritablePrimary) sleep(20);
      db.getSiblingDB("admin").createUser({user: "%s", pwd: "%s", roles: ["root"]});
      """
          .formatted(ReplicaSet.NAME, RootUser.NAME, RootUser.PASSWORD);

  private static final String SCRIPT = "/tmp/script.js";

  private GuardedContainer() {}

  static GuardedServer start(MongoImage image) throws NotThisWayException {
    image.pullIfMissing();
    image.removeAbandoned();
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(image.name()))
            .withCreateContainerCmdModifier(command -> command.withEntrypoint("bash", "-c", START))
            .withExposedPorts(MongoContainer.PORT.getPort())
            .withLabels(ContainerOwner.of(Optional.empty()).labels())
            .waitingFor(Wait.forLogMessage(".*Waiting for connections.*", 1));
    try {
      container.start();
      Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "stop-guarded-mongodb"));
      ExecResult made = container.execInContainer("mongosh", "--quiet", "--eval", FIRST_USER);
      if (made.getExitCode() != 0) {
        throw new NotThisWayException("cannot create a user: " + made.getStderr());
      }
    } catch (ContainerLaunchException | IOException e) {
      throw new NotThisWayException(image.name() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotThisWayException("interrupted", e);
    }
    String hosts = container.getHost() + ":" + container.getFirstMappedPort();
    return new GuardedServer(
        hosts,
        (script, uri, environment) ->
            mongosh(container, script, uri.replace(hosts, "localhost:27017"), environment));
  }

  private static Optional<GuardedServer.ShellResult> mongosh(
      GenericContainer<?> container, Path script, String uri, Map<String, String> environment)
      throws IOException, InterruptedException {
    container.copyFileToContainer(MountableFile.forHostPath(script), SCRIPT);
    String[] command = {"mongosh", uri, "--quiet", "--norc", "--file", SCRIPT};
    ExecResult result =
        container.execInContainer(
            ExecConfig.builder().command(command).envVars(environment).build());
    return Optional.of(
        new GuardedServer.ShellResult(
            result.getExitCode(), result.getStdout() + result.getStderr()));
  }
}

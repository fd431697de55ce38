package dev.pulso.local.database;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;

/** MongoDB in a Docker container, with its port published on the loopback only. */
final class MongoContainer {
  static final String IMAGE = "PULSO_MONGO_IMAGE";

  private static final String DEFAULT_IMAGE = "mongo:6.0.5";
  private static final ExposedPort PORT = ExposedPort.tcp(27017);
  private static final String LOOPBACK = "127.0.0.1";
  private static final String SELF = LOOPBACK + ":27017";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private MongoContainer() {}

  static MongoServer start(DockerEngine engine, Wish wish) throws NotThisWayException {
    String image = wish.environment().getOrDefault(IMAGE, DEFAULT_IMAGE);
    DockerClient docker = engine.client();
    try {
      pullIfMissing(docker, image, wish);
      String id = create(engine, image).withLabels(Map.of("dev.pulso", "tests")).exec().getId();
      docker.startContainerCmd(id).exec();
      return await(engine, image, id);
    } catch (DockerException | DockerClientException e) {
      throw new NotThisWayException(e.getMessage().strip(), e);
    }
  }

  private static CreateContainerCmd create(DockerEngine engine, String image) {
    Ports.Binding published =
        new Ports.Binding(engine.remoteHost().isPresent() ? null : LOOPBACK, null);
    return engine
        .client()
        .createContainerCmd(image)
        // Not the image's own start script: it would change the owner of a mounted data folder.
        .withEntrypoint("mongod")
        .withCmd("--replSet", ReplicaSet.NAME, "--bind_ip_all", "--dbpath", "/data/db")
        .withExposedPorts(PORT)
        .withVolumes(new Volume("/data/db"))
        .withHostConfig(
            HostConfig.newHostConfig().withPortBindings(new PortBinding(published, PORT)));
  }

  private static MongoServer await(DockerEngine engine, String image, String id)
      throws NotThisWayException {
    DockerClient docker = engine.client();
    Runnable remove =
        () -> docker.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
    String uri = uri(engine, docker.inspectContainerCmd(id).exec());
    try {
      ReplicaSet.ensurePrimary(
          uri,
          SELF,
          () -> Boolean.TRUE.equals(docker.inspectContainerCmd(id).exec().getState().getRunning()),
          LIMIT);
    } catch (NotThisWayException e) {
      remove.run();
      throw e;
    }
    return MongoServer.started(uri, "Docker image " + image, remove);
  }

  private static String uri(DockerEngine engine, InspectContainerResponse container) {
    Ports.Binding[] bindings = container.getNetworkSettings().getPorts().getBindings().get(PORT);
    int port = Integer.parseInt(bindings[0].getHostPortSpec());
    if (engine.remoteHost().isPresent()) {
      return ReplicaSet.uri(engine.remoteHost().get(), port);
    }
    // Not so where this JVM is itself in a container and talks to the engine outside of it.
    if (accepts(port)) {
      return ReplicaSet.uri(LOOPBACK, port);
    }
    ContainerNetwork network =
        container.getNetworkSettings().getNetworks().values().iterator().next();
    return ReplicaSet.uri(network.getIpAddress(), PORT.getPort());
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket(LOOPBACK, port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  private static void pullIfMissing(DockerClient docker, String image, Wish wish)
      throws NotThisWayException {
    try {
      docker.inspectImageCmd(image).exec();
    } catch (NotFoundException missing) {
      wish.say("Pulling the Docker image " + image);
      try {
        docker.pullImageCmd(image).exec(new PullImageResultCallback()).awaitCompletion();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new NotThisWayException("interrupted while pulling " + image, e);
      }
    }
  }
}

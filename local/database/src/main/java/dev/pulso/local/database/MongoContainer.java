package dev.pulso.local.database;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Ports;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.bson.Document;

/** A container that runs mongod as a one-node replica set. */
record MongoContainer(DockerEngine engine, String id) {
  static final ExposedPort PORT = ExposedPort.tcp(27017);

  private static final String SELF = Loopback.HOST + ":" + PORT.getPort();
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int GRACE_SECONDS = 30;

  /** Returns all containers with a label, running or not. */
  static List<Container> labelled(DockerEngine engine, String label) {
    return engine
        .client()
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(List.of(label))
        .exec();
  }

  /**
   * Waits until it is a writable primary. Removes the container if mongod does not start.
   *
   * @param set makes the configuration of its set
   */
  String awaitPrimary(Function<String, Document> set) throws NotThisWayException {
    String uri = uri();
    try {
      ReplicaSet.ensurePrimary(uri, set.apply(SELF), this::isRunning, LIMIT);
      return uri;
    } catch (NotThisWayException e) {
      String reason = MongodLog.reason(ContainerLog.read(docker(), id));
      remove();
      throw new NotThisWayException(e.getMessage() + " (" + reason + ")", e);
    }
  }

  /** Stops it gracefully and removes it. */
  void stop() {
    try {
      docker().stopContainerCmd(id).withTimeout(GRACE_SECONDS).exec();
    } catch (NotFoundException removedByHand) {
      return;
    }
    remove();
  }

  /** Kills and removes it, with the data inside the container. */
  void remove() {
    try {
      docker().removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
    } catch (NotFoundException | ConflictException removedBySomebodyElse) {
      return;
    }
  }

  private DockerClient docker() {
    return engine.client();
  }

  private InspectContainerResponse inspect() {
    return docker().inspectContainerCmd(id).exec();
  }

  private boolean isRunning() {
    return Boolean.TRUE.equals(inspect().getState().getRunning());
  }

  private String uri() throws NotThisWayException {
    InspectContainerResponse container = inspect();
    Ports.Binding[] bindings = container.getNetworkSettings().getPorts().getBindings().get(PORT);
    if (bindings == null) {
      String reason = MongodLog.reason(ContainerLog.read(docker(), id));
      remove();
      throw new NotThisWayException("it ended at once (" + reason + ")");
    }
    int port = Integer.parseInt(Arrays.asList(bindings).getFirst().getHostPortSpec());
    if (engine.remoteHost().isPresent()) {
      return ReplicaSet.uri(engine.remoteHost().get(), port);
    }
    if (Loopback.accepts(port)) {
      return ReplicaSet.uri(Loopback.HOST, port);
    }
    // This JVM runs in a container, whose loopback does not have the published port.
    ContainerNetwork network =
        container.getNetworkSettings().getNetworks().values().iterator().next();
    return ReplicaSet.uri(network.getIpAddress(), PORT.getPort());
  }
}

package dev.pulso.local.database;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.SELContext;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Docker image of MongoDB. */
record MongoImage(String name, DockerEngine engine, Wish wish) {
  static final String VARIABLE = "PULSO_MONGO_IMAGE";

  private static final String DEFAULT = "mongo:6.0.5";
  private static final Volume DATA = new Volume("/data/db");

  static MongoImage of(Wish wish) throws NotThisWayException {
    String name = wish.environment().getOrDefault(VARIABLE, "").strip();
    return new MongoImage(name.isEmpty() ? DEFAULT : name, DockerEngine.find(), wish);
  }

  MongoServer start() throws NotThisWayException {
    try {
      return wish.folder().isPresent() ? startIn(wish.folder().get()) : startForThisJvm();
    } catch (DockerException | DockerClientException e) {
      throw new NotThisWayException(name + ": " + e.getMessage().strip(), e);
    }
  }

  private MongoServer startForThisJvm() throws NotThisWayException {
    removeAbandoned();
    MongoContainer container = run(Optional.empty());
    return MongoServer.started(
        container.awaitPrimary(ReplicaSet::forgetfulMember), origin(), container::remove);
  }

  /** Removes test containers of killed JVMs. */
  void removeAbandoned() {
    for (Container container : MongoContainer.labelled(engine, ContainerOwner.TESTS)) {
      if (ContainerOwner.isGone(container.getLabels().get(ContainerOwner.TESTS))) {
        new MongoContainer(engine, container.getId()).remove();
      }
    }
  }

  private MongoServer startIn(Path path) throws NotThisWayException {
    DataFolder folder = DataFolder.hold(path);
    try {
      ContainerOwner owner = ContainerOwner.of(Optional.of(folder.data()));
      MongoContainer.labelled(engine, owner.label() + "=" + owner.value())
          .forEach(left -> new MongoContainer(engine, left.getId()).stop());
      MongoContainer container = run(Optional.of(folder.data()));
      String uri = container.awaitPrimary(ReplicaSet::onlyMember);
      return MongoServer.started(
          uri,
          origin(),
          () -> {
            container.stop();
            folder.close();
          });
    } catch (NotThisWayException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /** Without a folder, the data are in memory, and end with the container. */
  private MongoContainer run(Optional<Path> data) throws NotThisWayException {
    pullIfMissing();
    DockerClient docker = engine.client();
    String id = command(data).exec().getId();
    try {
      docker.startContainerCmd(id).exec();
    } catch (DockerException e) {
      new MongoContainer(engine, id).remove();
      throw e;
    }
    return new MongoContainer(engine, id);
  }

  private CreateContainerCmd command(Optional<Path> data) throws NotThisWayException {
    // Publishes on loopback only, if the engine runs on this machine.
    Ports.Binding published =
        new Ports.Binding(engine.remoteHost().isPresent() ? null : Loopback.HOST, null);
    HostConfig host =
        HostConfig.newHostConfig()
            .withPortBindings(new PortBinding(published, MongoContainer.PORT));
    List<String> mongod =
        new ArrayList<>(
            List.of("--replSet", ReplicaSet.NAME, "--bind_ip_all", "--dbpath", DATA.getPath()));
    CreateContainerCmd command =
        engine
            .client()
            .createContainerCmd(name)
            .withLabels(ContainerOwner.of(data).labels())
            // The image's start script would change the owner of a mounted folder.
            .withEntrypoint("mongod")
            .withExposedPorts(MongoContainer.PORT)
            .withHostConfig(host);
    if (data.isPresent()) {
      host.withBinds(new Bind(data.get().toString(), DATA, AccessMode.rw, SELContext.shared));
      command.withCmd(mongod);
      // In a rootless engine, root is the user who runs it; other users could not read the folder.
      return engine.rootless() ? command : command.withUser(owner(data.get()));
    }
    host.withTmpFs(Map.of(DATA.getPath(), "rw"));
    return command.withCmd(MongodStarter.shortLived(mongod));
  }

  private static String owner(Path folder) throws NotThisWayException {
    try {
      return Files.getAttribute(folder, "unix:uid") + ":" + Files.getAttribute(folder, "unix:gid");
    } catch (IOException e) {
      throw new NotThisWayException("the owner of " + folder + " is unknown", e);
    }
  }

  void pullIfMissing() throws NotThisWayException {
    DockerClient docker = engine.client();
    try {
      docker.inspectImageCmd(name).exec();
    } catch (NotFoundException missing) {
      wish.say("Pulling the Docker image " + name);
      try {
        docker.pullImageCmd(name).exec(new PullImageResultCallback()).awaitCompletion();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new NotThisWayException("interrupted while pulling " + name, e);
      }
    }
  }

  private String origin() {
    return "Docker image " + name;
  }
}

package dev.pulso.local.database;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Info;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;

/**
 * The Docker engine of this machine. Testcontainers finds it, because it knows sockets, contexts
 * and desktop products. Its MongoDB containers are not used: they need a helper container whose
 * image may be unavailable, and they initiate a replica set again over existing data.
 *
 * @param remoteHost host of published ports, if the engine runs on another machine
 */
record DockerEngine(DockerClient client, Optional<String> remoteHost, boolean rootless) {

  private static final int LIMIT_SECONDS = 20;

  static DockerEngine find() throws NotThisWayException {
    // An engine that is starting, or hangs, accepts connections and never answers.
    FutureTask<DockerEngine> search = new FutureTask<>(DockerEngine::search);
    Thread.ofPlatform().daemon().name("find-docker").start(search);
    try {
      return search.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException none) {
      throw new NotThisWayException("no Docker engine answers, or this user may not use it", none);
    } catch (TimeoutException silent) {
      throw new NotThisWayException(
          "the Docker engine does not answer within " + LIMIT_SECONDS + " s", silent);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotThisWayException("interrupted while looking for a Docker engine", e);
    }
  }

  private static DockerEngine search() {
    hush();
    List<DockerClientProviderStrategy> strategies = new ArrayList<>();
    ServiceLoader.load(DockerClientProviderStrategy.class).forEach(strategies::add);
    DockerClientProviderStrategy found =
        DockerClientProviderStrategy.getFirstValidStrategy(strategies);
    return new DockerEngine(
        found.getDockerClient(),
        remoteHost(found.getTransportConfig().getDockerHost()),
        isRootless(found.getInfo()));
  }

  // Testcontainers logs each failed attempt as an error. Disabled here and not in a file, because
  // only one simplelogger.properties of a class path is read.
  private static void hush() {
    for (String logger : List.of("org.testcontainers", "com.github.dockerjava")) {
      String level = "org.slf4j.simpleLogger.log." + logger;
      if (System.getProperty(level) == null) {
        System.setProperty(level, "off");
      }
    }
  }

  private static Optional<String> remoteHost(URI engine) {
    boolean local = List.of("unix", "npipe").contains(engine.getScheme());
    return local ? Optional.empty() : Optional.of(engine.getHost());
  }

  private static boolean isRootless(Info info) {
    List<String> options = info.getSecurityOptions();
    return options != null && options.contains("name=rootless");
  }
}

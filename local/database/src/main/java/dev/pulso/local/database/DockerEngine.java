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
 * The Docker engine of this machine, found by Testcontainers, which knows sockets, contexts and
 * desktop products. Its containers of MongoDB are not used: they want a helper container whose
 * image may be out of reach, and initiate a replica set anew over data that have one.
 *
 * @param remoteHost where published ports are to be reached, if the engine is another machine's
 */
record DockerEngine(DockerClient client, Optional<String> remoteHost, boolean rootless) {

  private static final int LIMIT_SECONDS = 20;

  static DockerEngine find() throws NotThisWayException {
    // An engine that is just starting, or hangs, takes connections and says nothing, for ever.
    FutureTask<DockerEngine> search = new FutureTask<>(DockerEngine::search);
    Thread.ofPlatform().daemon().name("find-docker").start(search);
    try {
      return search.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException none) {
      throw new NotThisWayException("no Docker engine answers, or this user may not use it", none);
    } catch (TimeoutException silent) {
      throw new NotThisWayException(
          "the Docker engine says nothing within " + LIMIT_SECONDS + " s", silent);
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

  // What Testcontainers tried in vain is its error and nobody's news. Set here and not in a file,
  // because only one simplelogger.properties of a class path is read.
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

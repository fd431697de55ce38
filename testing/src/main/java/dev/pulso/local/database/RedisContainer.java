package dev.pulso.local.database;

import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import java.util.Optional;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** A Redis in a container that ends with this JVM. */
final class RedisContainer {
  private static final String IMAGE = "redis:7";
  private static final int PORT = 6379;

  private RedisContainer() {}

  static RedisServer start(Wish wish) throws NotThisWayException {
    MongoImage image = new MongoImage(IMAGE, DockerEngine.find(), wish);
    try {
      image.pullIfMissing();
      image.removeAbandoned();
      GenericContainer<?> container =
          new GenericContainer<>(DockerImageName.parse(IMAGE))
              .withExposedPorts(PORT)
              .withLabels(ContainerOwner.of(Optional.empty()).labels());
      container.start();
      Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "stop-redis"));
      return new RedisServer(container.getHost(), container.getFirstMappedPort());
    } catch (ContainerLaunchException | DockerException | DockerClientException e) {
      throw new NotThisWayException(IMAGE + ": " + e.getMessage().strip(), e);
    }
  }
}

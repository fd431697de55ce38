package dev.pulso.local.database;

import static org.junit.jupiter.api.Assumptions.abort;

import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the test machine provides; tests that need more are skipped with a reason. */
final class Machine {
  private Machine() {}

  /** Returns an environment with mongod on the PATH: a fetched one if none is installed. */
  static Map<String, String> withMongod() {
    Map<String, String> environment = bare("path");
    try {
      Path folder = MongodBinary.any(wish(environment)).file().getParent();
      environment.merge(
          "PATH", folder.toString(), (path, first) -> first + File.pathSeparator + path);
    } catch (NotThisWayException e) {
      skip("no mongod: " + e.getMessage());
    }
    return environment;
  }

  static Map<String, String> withDocker() {
    Map<String, String> environment = bare("docker");
    try {
      MongoImage.of(wish(environment)).pullIfMissing();
    } catch (NotThisWayException | DockerException | DockerClientException e) {
      skip("no MongoDB in Docker: " + e.getMessage());
    }
    return environment;
  }

  /** Returns this process's environment without the variables that select a server. */
  static Map<String, String> bare(String way) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.keySet().removeAll(List.of("MONGODB_URI", "MONGOD"));
    environment.put(Way.CHOICE, way);
    return environment;
  }

  static Wish wish(Map<String, String> environment) {
    return new Wish(Optional.empty(), environment, line -> {});
  }

  static MongoServer start(Map<String, String> environment) {
    return MongoServer.find(wish(environment), Way.values());
  }

  static MongoServer start(Path folder, Map<String, String> environment) {
    return MongoServer.forRun(folder, environment, line -> {});
  }

  static void skip(String reason) {
    System.out.println("Skipped: " + reason);
    abort(reason);
  }
}

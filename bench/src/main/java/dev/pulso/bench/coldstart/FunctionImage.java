package dev.pulso.bench.coldstart;

import com.mongodb.client.MongoDatabase;
import dev.pulso.bench.lab.Installation;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.Loader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The container image of all functions, with an AOT cache (JEP 514) that a training run of the same
 * image records: every function answers a few requests.
 */
final class FunctionImage {
  private static final Path CONTEXT = Path.of(".pulso", "image");
  private static final String CACHE = "pulso.aot";
  private static final String OPTIONS = "@/var/task/jvm.options";
  private static final String JAVA = "/var/lang/bin/java";
  private static final String RUNTIME =
      "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

  /** How often each event is sent: the first time loads most classes. */
  private static final int TIMES = 3;

  private static final int JOBS = 2_000;

  private final String tag;
  private final String base;

  private FunctionImage(String tag, String base) {
    this.tag = tag;
    this.base = base;
  }

  /**
   * Builds the image, and returns its tag. What is in {@code .pulso/image/opt} goes to {@code
   * /opt}.
   *
   * @param tag name of the image
   * @param base image of the Lambda runtime, for the processor of this machine
   * @param lab server for the training run
   * @throws IllegalStateException when the training run gets an error, or the JVM refuses the cache
   */
  static String build(String tag, String base, Lab lab) {
    Map<String, String> environment =
        Map.of(
            "ALLOW_ANONYMOUS",
            "true",
            "MONGODB_URI",
            lab.uri(),
            "MONGODB_DATABASE",
            trainingDatabase(lab),
            "STATUS_RATE_LIMIT",
            "off");
    new FunctionImage(tag, base).build(environment);
    return tag;
  }

  private static String trainingDatabase(Lab lab) {
    MongoDatabase database = lab.database("training");
    database.drop();
    new Loader(database).load(Installation.of(JOBS), lab);
    return database.getName();
  }

  private void build(Map<String, String> environment) {
    try {
      Files.createDirectories(CONTEXT.resolve("opt"));
      Path cache = emptied(CONTEXT.resolve("cache"));
      Path lib = emptied(CONTEXT.resolve("lib"));
      Artifacts artifacts = new Artifacts(CONTEXT.resolve("functions"));
      for (String function : artifacts.build().keySet()) {
        copyJars(artifacts.of(function).resolve("lib"), lib);
      }
      dockerBuild();
      train(cache, environment);
      dockerBuild();
      check();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path emptied(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    return folder;
  }

  private static void copyJars(Path from, Path to) throws IOException {
    try (Stream<Path> jars = Files.list(from)) {
      for (Path jar : jars.toList()) {
        Files.copy(
            jar,
            to.resolve(jar.getFileName()),
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private void dockerBuild() {
    Container.docker(
        "build",
        "-q",
        "-t",
        tag,
        "--build-arg",
        "BASE=" + base,
        "-f",
        "Dockerfile",
        CONTEXT.toString());
  }

  private void train(Path cache, Map<String, String> environment) {
    // The runtime's class loader finds the handler there; it is not on the class path.
    Path classes = Path.of("bench", "target", "classes", "dev").toAbsolutePath();
    String id;
    try (RuntimeApi api = new RuntimeApi()) {
      id =
          Container.create(
              api,
              environment,
              List.of(
                  "--volume",
                  cache.toAbsolutePath() + ":/cache",
                  "--volume",
                  classes + ":/var/task/dev:ro",
                  "--entrypoint",
                  JAVA,
                  tag,
                  "-XX:AOTCacheOutput=/cache/" + CACHE,
                  OPTIONS,
                  RUNTIME,
                  TrainingHandler.class.getName() + "::handleRequest"));
      Container.docker("start", id);
      List<String> events = TrainingEvents.read();
      for (int i = 0; i < TIMES; i++) {
        for (String event : events) {
          api.offer(event);
          Container.answer(api, event, id);
        }
      }
    }
    // Without the API the runtime ends, and the JVM writes the cache.
    Container.docker("wait", id);
    if (!Files.exists(cache.resolve(CACHE))) {
      throw new IllegalStateException("no cache: " + Container.docker("logs", id));
    }
    Container.docker("rm", "--force", id);
  }

  /** Fails if the JVM of the image refuses the cache. */
  private void check() {
    Container.docker(
        "run",
        "--rm",
        "--entrypoint",
        JAVA,
        tag,
        "-XX:AOTMode=on",
        "-XX:AOTCache=/var/task/" + CACHE,
        OPTIONS,
        "-version");
  }
}

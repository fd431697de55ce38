package dev.pulso.bench.coldstart;

import dev.pulso.bench.lab.Lab;
import dev.pulso.local.database.MongoServer;
import java.io.IOException;
import java.nio.file.Path;

/** Builds the image of all functions, as {@code bench/image} starts it. */
public final class ImageBuild {
  private static final String USAGE =
      """
      usage: bench/image TAG [BASE]

        TAG    name of the image
        BASE   image of the Lambda runtime (default public.ecr.aws/lambda/java:25)

      Builds one image of all functions for the processor of this machine, with an AOT cache that a
      training run records against a real MongoDB: that of MONGODB_URI, or one that it starts. What
      is in .pulso/image/opt goes to /opt. docs/deploy.md says how the image is deployed.
      """;

  private ImageBuild() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 1 || arguments.length > 2 || arguments[0].startsWith("-")) {
      System.err.print(USAGE);
      System.exit(2);
    }
    String base = arguments.length > 1 ? arguments[1] : "public.ecr.aws/lambda/java:25";
    try (MongoServer server =
            MongoServer.forRun(Path.of(".pulso", "bench"), System.getenv(), System.out::println);
        Lab lab = new Lab(server, System.out, 0)) {
      System.out.println("Built " + FunctionImage.build(arguments[0], base, lab));
    }
  }
}

package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Builders;
import dev.pulso.local.database.GuardedServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords, tokens, people and addresses appear in no answer and no output. */
class PlantedSecretsIT {
  /** The classes that sam build deploys, and these tests. */
  private static final Pattern DEPLOYED =
      Pattern.compile(
          ".*/(functions/[^/]+|shared)/target/.*|.*/contract-tests/target/test-classes"
              + "|.*/(aws-lambda-java-(core|events)|crac|bson|mongodb-driver|jackson-core"
              + "|okhttp|okio|kotlin-stdlib)-[^/]+");

  @TempDir private Path folder;

  @Test
  void secretsAppearNowhere() throws IOException, InterruptedException {
    try (GuardedUser user = new GuardedUser(Planted.PASSWORD)) {
      user.asRoot()
          .getCollection("batches")
          .insertOne(Builders.batch("b").append("uploaded_by", Planted.PHONE));
      user.asRoot()
          .getCollection("jobs")
          .insertOne(
              Builders.job("b", "pending").append("contact", new Document("tel", Planted.PHONE)));
      String hosts = GuardedServer.forTests().hosts();
      String right = user.uri(Planted.PASSWORD);
      Path answers = folder.resolve("answers");
      String printed =
          run(
              answers,
              user.name(),
              right,
              user.uri("wrong-" + Planted.PASSWORD),
              right.replace(hosts, "127.0.0.1:1"),
              right.replace(hosts, Planted.HOST + ":4711"),
              right.replace(Planted.PASSWORD, Planted.PASSWORD + ":@/"),
              right.replace("directConnection=true", "tls=" + Planted.TOKEN),
              right.replace("mongodb://", Planted.TOKEN + "://"));

      Planted.isNotIn(printed, user.name(), hosts);
      assertThat(printed)
          .contains("\"event\":\"request\"", "\"event\":\"upkeep\"", "\"event\":\"request_failed\"")
          .contains("\"event\":\"push\"", "\"event\":\"webhook_delivery\"")
          .contains("MongoSecurityException", "TimeoutException", "MissingConnectionException");

      List<String> lines = Files.readAllLines(answers);
      assertThat(statuses(lines)).contains("200", "400", "401", "403", "404", "405", "503");
      assertThat(lines).anyMatch(line -> line.contains("LoggedException"));
      for (String line : lines) {
        Planted.isNotIn(withoutCancel(line), user.name(), hosts);
      }
    }
  }

  /** Answers say why a batch was cancelled, and its history by whom. */
  private static String withoutCancel(String answer) {
    return answer
        .replace("reason\":\"" + Planted.REASON + "\"", "")
        .replace("\"actor\":\"" + Planted.SUBJECT + "\"", "");
  }

  private static Set<String> statuses(List<String> answers) {
    return answers.stream().map(line -> line.replaceFirst(" .*", "")).collect(Collectors.toSet());
  }

  /** Runs a separate process, and returns its output. */
  private String run(Path answers, String database, String... uris)
      throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> DEPLOYED.matcher(entry).matches())
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                PlantedProcess.class.getName(),
                answers.toString(),
                database));
    command.addAll(List.of(uris));
    Path printed = folder.resolve("printed");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    String output = Files.readString(printed);
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}

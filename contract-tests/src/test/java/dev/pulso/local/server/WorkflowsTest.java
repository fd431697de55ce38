package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Scripts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What GitHub runs: the workflows. */
class WorkflowsTest {
  private static final Path FOLDER = Project.root().resolve(".github/workflows");

  @TempDir private Path folder;

  /** Whoever takes over an action can move its tags, but not its commits. */
  @Test
  void everyActionIsPinnedToCommit() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        List<String> uses =
            Files.readAllLines(file).stream().filter(line -> line.contains("uses:")).toList();
        assertThat(uses)
            .as(file.toString())
            .allMatch(line -> line.matches(" *(- )?uses: (\\./\\S+|\\S+@[0-9a-f]{40} # v\\d\\S*)"));
      }
    }
  }

  /**
   * {@code sam deploy} follows a gradual deployment to its end, so the credentials have to last.
   */
  @Test
  void credentialsOutlastLongestDeployment() throws IOException {
    String stage = Files.readString(FOLDER.resolve("stage.yml"));
    long job = number("timeout-minutes: (\\d+)", stage) * 60;
    assertThat(number("role-duration-seconds: (\\d+)", stage)).isGreaterThanOrEqualTo(job);
    Matcher longest =
        Pattern.compile("Linear10PercentEvery(\\d+)Minute")
            .matcher(Files.readString(Project.root().resolve("template.yaml")));
    assertThat(longest.results().mapToLong(match -> Long.parseLong(match.group(1))))
        .isNotEmpty()
        .allMatch(minutes -> minutes * 60 * 9 + 1_800 <= job);
  }

  /** A rollback that waits outlives the next push. */
  @Test
  void nothingReplacesWaitingRun() throws IOException {
    for (String file : List.of("deploy.yml", "stage.yml")) {
      assertThat(Files.readString(FOLDER.resolve(file)))
          .containsOnlyOnce("concurrency:")
          .containsPattern(
              "\\n    concurrency:\\n      group: \\w+-\\$\\{\\{ \\S+ }}\\n      queue: max\\n");
    }
    assertThat(Files.readString(FOLDER.resolve("ci.yml")))
        .contains("ci-${{ github.event_name == 'pull_request' && github.ref || github.run_id }}\n");
  }

  @Test
  void parametersReachSamWithSpacesAndEmptyValues() throws Exception {
    String said =
        stepSays(
            "sam deploy", "PARAMETERS", "JwtAudience=pulso,web\r\n\nAllowedOrigins=\nA=one two");
    assertThat(said)
        .contains("<--stack-name>\n<pulso-prod>\n")
        .containsPattern(
            "<Release=0123456789ab-\\S*>\n<Stage=\"prod\">\n(<\\w+=.*>\n)*<CancelConcurrency=\"10\">\n")
        .endsWith("<JwtAudience=\"pulso,web\">\n<AllowedOrigins=\"\">\n<A=\"one two\">\n");
  }

  @Test
  void pageIsMadeByStackRole() throws Exception {
    String said = stepSays("page", "PAGE_PARAMETERS", "SignInScope=openid a\r\n\nDomainName=");
    assertThat(said)
        .contains("<--stack-name>\n<pulso-prod-page>\n", "<--role-arn>\n<the-role>\n")
        .contains(
            "<Stage=prod>\n<ApiUrl=", "\n<EventsUrl=", "<SignInScope=openid a>\n<DomainName=>\n")
        .endsWith("<pulso-prod-page>\n");
  }

  /** Runs a step's own script, with commands that print what they are asked to do. */
  private String stepSays(String step, String variable, String value) throws Exception {
    for (String command : List.of("sam", "aws", "edge/upload")) {
      Scripts.write(
          folder.resolve(command), "#!/bin/sh\nfor argument; do echo \"<$argument>\"; done\n");
    }
    Files.copy(Project.root().resolve("samconfig.toml"), folder.resolve("samconfig.toml"));
    String stage = Files.readString(FOLDER.resolve("stage.yml"));
    int run = stage.indexOf("run: |\n", stage.indexOf("name: " + step + "\n"));
    int end = stage.indexOf("\n      - ", run);
    String script = stage.substring(run + 7, end < 0 ? stage.length() : end).stripIndent();
    ProcessBuilder bash = new ProcessBuilder("bash", "-eo", "pipefail", "-c", script);
    bash.directory(folder.toFile()).redirectErrorStream(true);
    bash.environment().put("PATH", folder + ":" + System.getenv("PATH"));
    bash.environment().put("STACK", "pulso-prod");
    bash.environment().put("STAGE", "prod");
    bash.environment().put("STACK_ROLE_ARN", "the-role");
    bash.environment().put("GITHUB_SHA", "0123456789abcdef0123");
    bash.environment().put(variable, value);
    Process process = bash.start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static long number(String pattern, String text) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    assertThat(found.find()).as(pattern).isTrue();
    return Long.parseLong(found.group(1));
  }
}

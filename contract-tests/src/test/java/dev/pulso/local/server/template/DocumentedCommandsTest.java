package dev.pulso.local.server.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.local.server.Project;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The commands in the documents name what the templates have. */
class DocumentedCommandsTest {
  private static final Path ROOT = Project.root();
  private static final List<String> PAGES = List.of("docs/deploy.md", "docs/runbook.md");
  private static final Pattern COMMAND = Pattern.compile("(?m)^.*--parameter-overrides (.*)$");
  private static final Pattern DEPLOY = Pattern.compile("sam deploy --");

  /** A block between fences, an indented one, or code within a sentence. */
  private static final Pattern CODE = Pattern.compile("(?m)^```[^`]*^```|(?:^ {4}.*\n)+|`[^`\n]+`");

  private static final Pattern SHELL = Pattern.compile("(?m)^ *```sh\n[^`]*```|(?:^ {4}.*\n)+");
  private static final Pattern TEMPLATE = Pattern.compile("--template-file (\\S+)");
  private static final Pattern NAME = Pattern.compile("(?:^| )\"?([A-Z]\\w+)=");

  @Test
  void commandsNameParametersOfTemplates() throws IOException {
    for (Map.Entry<String, Set<String>> command : commands().entrySet()) {
      Set<String> parameters = names(section(command.getKey(), "Parameters"));
      assertThat(parameters).as(command.getKey()).containsAll(command.getValue());
    }
  }

  /**
   * Without its stage, a stack is tagged as one of another stage, which its roles cannot change.
   */
  @Test
  void stacksGetWhatTheyNeed() throws IOException {
    Map<String, Set<String>> commands = commands();
    for (String template :
        List.of("infra/bootstrap.yaml", "watch/canary.yaml", "edge/template.yaml")) {
      Set<String> needed = new TreeSet<>(Set.of("Stage"));
      for (Map.Entry<?, ?> parameter : section(template, "Parameters").entrySet()) {
        if (!((Map<?, ?>) parameter.getValue()).containsKey("Default")) {
          needed.add(parameter.getKey().toString());
        }
      }
      assertThat(commands.get(template)).as(template).containsAll(needed);
    }
  }

  @Test
  void commandsReadOutputsOfTemplate() throws IOException {
    Set<String> outputs = names(Loops.writtenOut(section("template.yaml", "Outputs")));
    for (String page : PAGES) {
      String text = Files.readString(ROOT.resolve(page));
      assertThat(outputs)
          .as(page)
          .containsAll(Watched.some("OutputKey=='(\\w+)'", text))
          .containsAll(Watched.all("\\$\\(output (\\w+)\\)", text));
    }
  }

  /** Alone, {@code sam deploy} takes what was built last, of whatever commit. */
  @Test
  void everythingIsBuiltBeforeItIsDeployed() throws IOException {
    int commands = 0;
    for (String page :
        List.of("README.md", "docs/deploy.md", "docs/recovery.md", "docs/runbook.md")) {
      Matcher code = CODE.matcher(Files.readString(ROOT.resolve(page)));
      while (code.find()) {
        Matcher deploy = DEPLOY.matcher(code.group());
        while (deploy.find()) {
          commands++;
          assertThat(code.group().substring(0, deploy.start()))
              .as(page + ": " + code.group())
              .containsAnyOf("sam build", "build/image-template > image.yaml");
        }
      }
    }
    assertThat(commands).isGreaterThan(6);
  }

  /** An interactive zsh, the shell of macOS, takes a comment for arguments. */
  @Test
  void commandsHaveNoComments() throws IOException {
    int blocks = 0;
    for (Path page : pages()) {
      Matcher block = SHELL.matcher(Files.readString(page));
      while (block.find()) {
        blocks++;
        assertThat(block.group()).as(page.toString()).doesNotContainPattern("(?m)(^|\\s)# ");
      }
    }
    assertThat(blocks).isGreaterThan(20);
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs)
          .filter(page -> page.toString().endsWith(".md"))
          .toList();
    }
  }

  /** Returns the parameters that commands give, by the path of the template. */
  private static Map<String, Set<String>> commands() throws IOException {
    Map<String, Set<String>> commands = new HashMap<>();
    for (String page : PAGES) {
      String lines = Files.readString(ROOT.resolve(page)).replace("\\\n", " ");
      Matcher command = COMMAND.matcher(lines);
      while (command.find()) {
        Matcher file = TEMPLATE.matcher(command.group());
        String template = file.find() ? file.group(1) : "template.yaml";
        commands
            .computeIfAbsent(template, path -> new TreeSet<>())
            .addAll(NAME.matcher(command.group(1)).results().map(name -> name.group(1)).toList());
      }
    }
    assertThat(commands.values()).isNotEmpty().noneMatch(Set::isEmpty);
    // build/image-template makes it of template.yaml, and adds a parameter.
    assertThat(commands.remove("image.yaml")).isEqualTo(Set.of("Release", "FunctionImage"));
    return commands;
  }

  private static Set<String> names(Map<?, ?> section) {
    Set<String> names = new TreeSet<>();
    section.keySet().forEach(name -> names.add(name.toString()));
    return names;
  }

  private static Map<?, ?> section(String template, String name) throws IOException {
    try (Reader text = Files.newBufferedReader(ROOT.resolve(template))) {
      return Deployment.map((Map<?, ?>) CloudFormationYaml.load(text), name);
    }
  }
}

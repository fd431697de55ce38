package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Links in {@code docs/design.md} lead to their files. */
class DesignLinksTest {
  private static final Path DESIGN = Project.root().resolve("docs/design.md");
  private static final Pattern TARGET = Pattern.compile("(?m)^\\[(\\w+)]: (\\S+)$");
  private static final Pattern NAME = Pattern.compile("\\[(\\w+)](?!: \\.\\.|\\()");

  @Test
  void linksLeadToFiles() throws IOException {
    Set<String> lost = new TreeSet<>();
    for (MatchResult link : all(TARGET)) {
      if (!link.group(2).endsWith("/" + link.group(1) + ".java")
          || !Files.isRegularFile(DESIGN.resolveSibling(link.group(2)))) {
        lost.add(link.group());
      }
    }
    assertThat(lost).isEmpty();
  }

  @Test
  void linkNamesMatchTargets() throws IOException {
    Set<String> targets = names(TARGET);
    assertThat(targets).hasSizeGreaterThan(50).isEqualTo(names(NAME));
  }

  private static Set<String> names(Pattern pattern) throws IOException {
    return all(pattern).stream()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<MatchResult> all(Pattern pattern) throws IOException {
    return pattern.matcher(Files.readString(DESIGN)).results().toList();
  }
}

package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.local.server.auth.TokenFiles;
import dev.pulso.local.server.demo.DemoData.BatchToWatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuggestionsTest {
  private static final BatchToWatch CHILEAN =
      new BatchToWatch("batch-1", Optional.of("acc-chile-001"));

  @Test
  void linesAreShortWithoutTokens() {
    assertThat(lines(Optional.of(CHILEAN), Optional.empty()))
        .startsWith("curl 'http://localhost:8000/api/v1/batches?status=active&limit=5'")
        .contains("curl http://localhost:8000/api/v1/batches/batch-1/status")
        .noneMatch(line -> line.contains("Authorization"));
  }

  @Test
  void everyLineHasSuitableToken() {
    assertThat(lines(Optional.of(CHILEAN), Optional.of("/home/me/pulso")))
        .allMatch(
            line ->
                line.startsWith(
                    "curl -H \"Authorization: Bearer $(cat /home/me/pulso/tokens/operator)\" "));
    assertThat(lines(Optional.of(new BatchToWatch("b", Optional.of("acc"))), Optional.of("/p")))
        .allMatch(line -> line.contains("$(cat /p/tokens/all)"));
    assertThat(lines(Optional.empty(), Optional.of("/p")))
        .allMatch(line -> line.contains("$(cat /p/tokens/all)"));
  }

  @Test
  void addressOfIpv6IsNoPatternOfShell() {
    assertThat(Suggestions.curlLines(Optional.of(CHILEAN), "http://[::1]:8000", Optional.empty()))
        .contains("curl 'http://[::1]:8000/api/v1/batches/batch-1'/status");
  }

  @Test
  void folderNamesAreQuoted() {
    assertThat(lines(Optional.of(CHILEAN), Optional.of("/my file's")))
        .allMatch(line -> line.contains("$(cat '/my file'\\''s/tokens/operator')"));
  }

  private static List<String> lines(Optional<BatchToWatch> watch, Optional<String> home) {
    List<String> lines =
        Suggestions.curlLines(
            watch, "http://localhost:8000", home.map(Path::of).map(TokenFiles::new));
    assertThat(lines).isNotEmpty();
    return lines;
  }
}

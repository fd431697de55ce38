package dev.pulso.local.server.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that define stored figures are the same for all functions. */
class StoredFiguresTest {
  private final Deployment deployment =
      new Deployment(Watched.TEMPLATE, Map.of("DashboardTimezone", "America/Santiago"));

  StoredFiguresTest() throws IOException {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DASHBOARD_TIMEZONE",
        "MONGODB_DATABASE",
        "BATCHES_COLLECTION",
        "JOBS_COLLECTION",
        "ACCOUNTS_COLLECTION"
      })
  void allFunctionsAgree(String setting) {
    Set<String> values =
        deployment.all("AWS::Serverless::Function").values().stream()
            .map(function -> String.valueOf(deployment.variable(function, setting)))
            .collect(Collectors.toSet());
    assertThat(values).hasSize(1).doesNotContain("null");
  }

  @Test
  void zoneComesFromParameter() {
    assertThat(deployment.all("AWS::Serverless::Function").values())
        .hasSizeGreaterThan(4)
        .allSatisfy(
            function ->
                assertThat(deployment.variable(function, "DASHBOARD_TIMEZONE"))
                    .isEqualTo("America/Santiago"));
  }
}

package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.openapi.OpenApi;
import dev.pulso.openapi.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every answer in openapi.yaml occurs, with each of its codes. */
class DocumentedAnswersIT {
  private static Worlds worlds;

  @BeforeAll
  static void open() throws IOException {
    worlds = new Worlds();
  }

  @AfterAll
  static void close() {
    worlds.close();
  }

  static List<ExpectedAnswer> rows() {
    return AnswerTable.rows();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void comes(ExpectedAnswer row) {
    Reply reply = row.question().ask(worlds, worlds.call(row.operation()));
    assertThat(reply.status()).as(reply.body()).isEqualTo(row.status());
    if (row.status() >= 400) {
      reply.problem(row.status(), row.code());
    }
  }

  @Test
  void everyDocumentedAnswerIsInTheTable() {
    List<String> documented = new ArrayList<>();
    for (Operation operation : OpenApi.document().operations()) {
      operation
          .answers()
          .forEach(
              (status, answer) -> {
                Set<String> codes = OpenApi.document().codes(answer);
                for (String code : codes.isEmpty() ? Set.of("") : codes) {
                  documented.add(new ExpectedAnswer(operation, status, code, null).toString());
                }
              });
    }
    assertThat(rows().stream().map(ExpectedAnswer::toString))
        .containsExactlyInAnyOrderElementsOf(documented);
  }
}

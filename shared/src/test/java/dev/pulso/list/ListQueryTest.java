package dev.pulso.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.access.Accounts;
import dev.pulso.batch.BatchState;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListQueryTest {
  @Test
  void nothingGivenMeansNewestHundred() {
    BatchSelection all =
        new BatchSelection(Accounts.ALL, Set.of(), Optional.empty(), Optional.empty());
    ListQuery usual = new ListQuery(all, BatchOrder.NEWEST, 100, 0, Optional.empty());
    assertThat(parse(Map.of())).isEqualTo(usual);
    assertThat(
            parse(
                Map.of(
                    "status",
                    "",
                    "is_active",
                    " ",
                    "q",
                    "",
                    "sort",
                    "",
                    "limit",
                    "",
                    "skip",
                    "",
                    "cursor",
                    "")))
        .isEqualTo(usual);
  }

  @Test
  void frontendsQueryIsRead() {
    assertThat(parse(Map.of("status", "RUNNING", "limit", "100", "skip", "0")))
        .isEqualTo(
            new ListQuery(
                new BatchSelection(
                    Accounts.ALL, Set.of(BatchState.ACTIVE), Optional.empty(), Optional.empty()),
                BatchOrder.NEWEST,
                100,
                0,
                Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "limit, 0", "limit, 201", "limit, 1.0", "limit, +5", "limit, ٣", "limit, 99999999999",
    "skip, -1", "skip, 10001", "skip, x", "is_active, TRUE", "is_active, 1", "sort, -name2",
    "sort, pending_jobs", "status, open", "q, a\u0001b"
  })
  void otherValuesNameTheirParameter(String name, String value) {
    assertThatThrownBy(() -> parse(Map.of(name, value)))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageStartingWith(name + " must ");
  }

  @Test
  void limitsAreInclusive() {
    assertThat(parse(Map.of("limit", "1", "skip", "10000")))
        .extracting(ListQuery::limit, ListQuery::skip)
        .containsExactly(1, 10_000);
    assertThat(parse(Map.of("limit", "200")).limit()).isEqualTo(200);
  }

  private static ListQuery parse(Map<String, String> parameters) {
    return ListQuery.parse(Accounts.ALL, name -> Optional.ofNullable(parameters.get(name)));
  }
}

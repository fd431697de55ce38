package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Builders;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The answers about operations on many batches to every kind of caller of {@link AccessMatrixIT}.
 */
class OperationAccessIT {
  /** Dry runs: how batches are selected. */
  private static final String SELECTIONS =
      """
      # selection                     | nobody | reader | operator | other | both | all  | scopeless | accountless | operates
      "account_id":"acc-chile-001"    | 401    | 403    | 200      | 403a  | 200  | 200  | 403       | 403a        | 200
      "account_id":"acc-peru-001"     | 401    | 403    | 403a     | 200   | 200  | 200  | 403       | 403a        | 403a
      "account_id":"acc-unknown"      | 401    | 403    | 403a     | 403a  | 403a | 200  | 403       | 403a        | 403a
      "all":true                      | 401    | 403    | 403      | 403   | 403  | 200  | 403       | 403         | 403
      "batch_ids":["absent"]          | 401    | 403    | 200      | 200   | 200  | 200  | 403       | 200         | 200
      """;

  /** Operations: the accounts of their batches. */
  private static final String OPERATIONS =
      """
      # whose                         | nobody | reader | operator | other | both | all  | scopeless | accountless | operates
      acc-chile-001                   | 401    | 200    | 200      | 404o  | 200  | 200  | 403       | 404o        | 403
      acc-peru-001                    | 401    | 404o   | 404o     | 200   | 200  | 200  | 403       | 404o        | 403
      acc-chile-001,acc-peru-001      | 401    | 404o   | 404o     | 404o  | 200  | 200  | 403       | 404o        | 403
      none                            | 401    | 404o   | 404o     | 404o  | 404o | 200  | 403       | 404o        | 403
      """;

  /** Operations on no batch: who started them. */
  private static final String EMPTY =
      """
      # by                            | nobody | reader | operator | other | both | all  | scopeless | accountless | operates
      operator                        | 401    | 200    | 200      | 404o  | 200  | 200  | 403       | 404o        | 403
      all                             | 401    | 404o   | 404o     | 404o  | 404o | 200  | 403       | 404o        | 403
      accountless                     | 401    | 404o   | 404o     | 404o  | 404o | 200  | 403       | 200         | 403
      """;

  @AutoClose private static final ContractDatabase database = ContractDatabase.guarded();
  @AutoClose private static final TokenApi api = new TokenApi(database.pulso());

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = SELECTIONS)
  void dryRun(ArgumentsAccessor row) {
    String body = "{\"action\":\"cancel\",\"dry_run\":true,%s}".formatted(row.getString(0));
    for (int column = 0; column < AccessMatrixIT.CALLERS.size(); column++) {
      for (String caller : AccessMatrixIT.callers(AccessMatrixIT.CALLERS.get(column))) {
        Reply reply = api.post(caller, "/batch-operations", body);
        AccessMatrixIT.assertCell(row.getString(1 + column), caller, reply);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', textBlock = OPERATIONS)
  void progress(ArgumentsAccessor row) {
    List<String> batches =
        List.of(row.getString(0).split(",")).stream().map(OperationAccessIT::batch).toList();
    assertProgress(row, pause("all", batches));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', textBlock = EMPTY)
  void progressOnNothing(ArgumentsAccessor row) {
    String body = "{\"action\":\"pause\",\"batch_ids\":[\"absent\"],\"expected\":0}";
    assertProgress(row, api.post(row.getString(0), "/batch-operations", body));
  }

  private static void assertProgress(ArgumentsAccessor row, Reply accepted) {
    assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
    String path = "/batch-operations/" + accepted.at("operation_id");
    for (int column = 0; column < AccessMatrixIT.CALLERS.size(); column++) {
      for (String caller : AccessMatrixIT.callers(AccessMatrixIT.CALLERS.get(column))) {
        Reply reply = api.get(caller, path);
        AccessMatrixIT.assertCell(row.getString(1 + column), caller, reply);
        assertThat(api.send(caller, "HEAD", path).status()).isEqualTo(reply.status());
      }
    }
  }

  @Test
  void foreignBatchesAreAsIfAbsent() {
    String own = batch("acc-chile-001");
    String foreign = batch("acc-peru-001");
    String nobodys = batch("none");
    Document before = database.stored(foreign);
    String body =
        "{\"action\":\"cancel\",\"dry_run\":true,\"batch_ids\":[\"%s\",\"%s\",\"%s\",\"absent\"]}"
            .formatted(own, foreign, nobodys);
    Reply preview = api.post("operator", "/batch-operations", body).ok();
    assertThat(preview.count("batches")).isEqualTo(1);
    assertThat(preview.count("unchanged")).isZero();
    Reply accepted =
        api.post(
            "operator", "/batch-operations", body.replace("\"dry_run\":true", "\"expected\":1"));
    assertThat(accepted.status()).isEqualTo(202);
    assertThat(database.stored(own)).containsEntry("is_active", false);
    assertThat(database.stored(foreign)).isEqualTo(before);
    Reply progress = api.get("reader", "/batch-operations/" + accepted.at("operation_id")).ok();
    assertThat(progress.count("batches")).isEqualTo(1);
    assertThat(progress.at("actor")).isEqualTo("operator");
  }

  private static Reply pause(String caller, List<String> batches) {
    String body =
        "{\"action\":\"pause\",\"batch_ids\":[\"%s\"],\"expected\":%d}"
            .formatted(String.join("\",\"", batches), batches.size());
    return api.post(caller, "/batch-operations", body);
  }

  private static String batch(String account) {
    Document batch = Builders.batch(ContractDatabase.name("batch"));
    if (account.equals("none")) {
      batch.remove("account_id");
    } else {
      batch.append("account_id", account);
    }
    return database.batch(batch);
  }
}

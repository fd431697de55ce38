package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what with webhooks. The columns are the callers of {@link AccessMatrixIT}. */
class WebhookAccessIT {
  /** Requests about a webhook of the Chilean account: method, what follows its address. */
  private static final String ONE =
      """
      # method | route       | nobody | reader | operator | other | both | all | scopeless | accountless | operates
      GET      |             | 401    | 403    | 200      | 404   | 200  | 200 | 403       | 404         | 200
      GET      | /deliveries | 401    | 403    | 200      | 404   | 200  | 200 | 403       | 404         | 200
      POST     | /test       | 401    | 403    | 202      | 404   | 202  | 202 | 403       | 404         | 202
      POST     | /enable     | 401    | 403    | 200      | 404   | 200  | 200 | 403       | 404         | 200
      POST     | /secret     | 401    | 403    | 200      | 404   | 200  | 200 | 403       | 404         | 200
      POST     | /deliveries/D/redeliver | 401 | 403 | 202   | 404   | 202  | 202 | 403       | 404         | 202
      DELETE   |             | 401    | 403    | 200      | 404   | 200  | 200 | 403       | 404         | 200
      PUT      |             | 401    | 405    | 405      | 405   | 405  | 405 | 405       | 405         | 405
      """;

  /** Requests to create one: for which account. */
  private static final String CREATE =
      """
      # account        | nobody | reader | operator | other | both | all | scopeless | accountless | operates
      acc-chile-001    | 401    | 403    | 201      | 403   | 201  | 201 | 403       | 403         | 201
      acc-peru-001     | 401    | 403    | 403      | 201   | 201  | 201 | 403       | 403         | 403
      null             | 401    | 403    | 201      | 201   | 400  | 400 | 403       | 400         | 201
      """;

  @AutoClose private static final ContractDatabase database = ContractDatabase.guarded();
  @AutoClose private static final TokenApi api = new TokenApi(database.pulso());

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(delimiter = '|', textBlock = ONE)
  void oneWebhook(ArgumentsAccessor row) {
    String route = row.getString(1) == null ? "" : row.getString(1);
    String path = newWebhook();
    String delivery = newDelivery(path);
    for (int column = 0; column < AccessMatrixIT.CALLERS.size(); column++) {
      for (String caller : AccessMatrixIT.callers(AccessMatrixIT.CALLERS.get(column))) {
        Reply reply = api.send(caller, row.getString(0), path + route.replace("D", delivery));
        assertThat(reply.status())
            .as(caller + ": " + reply.body())
            .isEqualTo(row.getInteger(2 + column));
        if (reply.status() < 300) {
          api.send("all", "DELETE", path);
          path = newWebhook();
          delivery = newDelivery(path);
        }
      }
    }
    api.send("all", "DELETE", path);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', textBlock = CREATE)
  void creating(ArgumentsAccessor row) {
    String account = row.getString(0).equals("null") ? "null" : '"' + row.getString(0) + '"';
    for (int column = 0; column < AccessMatrixIT.CALLERS.size(); column++) {
      for (String caller : AccessMatrixIT.callers(AccessMatrixIT.CALLERS.get(column))) {
        Reply reply = create(caller, account);
        assertThat(reply.status())
            .as(caller + ": " + reply.body())
            .isEqualTo(row.getInteger(1 + column));
        if (reply.status() == 201) {
          api.send("all", "DELETE", "/webhooks/" + reply.at("webhook_id"));
        }
      }
    }
  }

  @Test
  void listHasOwnWebhooksWithoutSecrets() {
    Reply own = create("operator", "\"acc-chile-001\"");
    Reply foreign = create("other", "\"acc-peru-001\"");
    Reply list = api.get("operator", "/webhooks").ok();
    assertThat(list.body())
        .contains((String) own.at("webhook_id"))
        .doesNotContain((String) foreign.at("webhook_id"), "whsec_", "secrets");
    assertThat(api.get("reader", "/webhooks").status()).isEqualTo(403);
    assertThat(api.get("operator", "/webhooks?account_id=acc-peru-001").status()).isEqualTo(403);
    assertThat(database.db().auditLog().find().map(entry -> entry.getString("action")))
        .contains("webhook.created", "webhook.denied");
    List.of(own, foreign)
        .forEach(reply -> api.send("all", "DELETE", "/webhooks/" + reply.at("webhook_id")));
  }

  private static String newWebhook() {
    return "/webhooks/" + create("all", "\"acc-chile-001\"").at("webhook_id");
  }

  private static String newDelivery(String webhook) {
    return (String) api.post("all", webhook + "/test").at("delivery_id");
  }

  private static Reply create(String caller, String account) {
    return api.post(
        caller, "/webhooks", ContractDatabase.WEBHOOK.replace("\"acc-chile-001\"", account));
  }
}

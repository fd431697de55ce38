package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The list of accounts, as the contract shows it. */
class AccountsContractIT {
  @AutoClose private final ContractDatabase database = ContractDatabase.open();

  private Reply accounts(Map<String, String> headers, String query) {
    Call call = Call.to("GET", Api.ACCOUNTS).with(query);
    for (Map.Entry<String, String> header : headers.entrySet()) {
      call = call.having(header.getKey(), header.getValue());
    }
    return database.api().send(call);
  }

  private void insert(String... json) {
    database.db().accounts().insertMany(List.of(json).stream().map(Document::parse).toList());
  }

  @Test
  void answerIsBareArrayOfAccounts() {
    assertThat(accounts(Map.of(), "").ok().body()).isEqualTo("[]");
    insert(
        "{account_id: 'acc-peru-001', name: 'Cobranzas Perú', status: 'suspended',"
            + " billing_type: 'minutes', balance: 6429.5, secret: 1}",
        "{account_id: 'acc-chile-001', account_name: 'Cliente Chile Principal', status: 'active',"
            + " plan_type: 'credit_based', credit_balance: 5200, credit_reserved: 200}",
        "{account_id: 'acc-mexico-001', account_name: 'Atención México', plan_type: 'unlimited'}");
    assertThat(accounts(Map.of(), "unknown=1").ok().body())
        .isEqualTo(
            """
            [{"account_id":"acc-mexico-001","name":"Atención México","status":null,\
            "balance":null,"billing_type":"unlimited"},\
            {"account_id":"acc-chile-001","name":"Cliente Chile Principal","status":"active",\
            "balance":5000.0,"billing_type":"credits"},\
            {"account_id":"acc-peru-001","name":"Cobranzas Perú","status":"suspended",\
            "balance":6429.5,"billing_type":"minutes"}]""");
  }

  @Test
  void knownAnswerIsNotSentAgain() {
    insert("{account_id: 'a', billing_type: 'credits', balance: 1}");
    String tag = accounts(Map.of(), "").ok().headers().get("ETag");
    Map<String, String> known = Map.of("If-None-Match", tag);
    assertThat(accounts(known, "").status()).isEqualTo(304);
    database
        .db()
        .accounts()
        .updateOne(
            new Document("account_id", "a"), new Document("$set", new Document("balance", 2)));
    assertThat(accounts(known, "").ok().headers().get("ETag")).isNotEqualTo(tag);
  }
}

package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The account in an overview: all plans, older shapes, odd values. */
class AccountContractIT {
  @AutoClose
  private static final ContractDatabase database = ContractDatabase.openBare(java.util.Map.of());

  @Test
  void matchesExampleOfContract() {
    assertThat(
            account(
                "{account_name: 'Cliente Chile Principal', status: 'active',"
                    + " plan_type: 'credit_based', credit_balance: 5000, credit_reserved: 0}"))
        .matches(
            ".*\"account\":\\{\"account_id\":\"account-\\d+\",\"name\":\"Cliente Chile Principal\","
                + "\"status\":\"active\",\"balance\":5000.0,\"billing_type\":\"credits\"},.*");
  }

  static Stream<Arguments> plans() {
    return Stream.of(
        arguments(
            "{plan_type: 'credit_based', credit_balance: 100.5, credit_reserved: 0.2}",
            "100.3",
            "\"credits\""),
        arguments("{plan_type: 'credit_based', credit_balance: 10}", "10.0", "\"credits\""),
        arguments(
            "{plan_type: 'minutes_based', minutes_purchased: 500, minutes_used: 120.25,"
                + " minutes_reserved: 30}",
            "349.75",
            "\"minutes\""),
        arguments("{plan_type: 'minutes_based', minutes_purchased: 500}", "500.0", "\"minutes\""),
        arguments("{plan_type: 'unlimited', credit_balance: 7}", "null", "\"unlimited\""),
        arguments("{billing_type: 'credits', balance: 42.5}", "42.5", "\"credits\""),
        arguments("{billing_type: 'minutes', balance: 42}", "42.0", "\"minutes\""),
        arguments("{billing_type: 'unlimited', balance: 42}", "null", "\"unlimited\""),
        arguments(
            "{plan_type: null, billing_type: 'minutes_based', balance: 3}", "3.0", "\"minutes\""),
        arguments("{plan_type: 7, billing_type: 'credits', balance: 3}", "3.0", "\"credits\""),
        arguments(
            "{plan_type: 'credit_based', credit_balance: 0.1, credit_reserved: 0.3}",
            "-0.2",
            "\"credits\""),
        arguments(
            "{plan_type: 'credit_based', credit_balance: null, balance: 9}", "9.0", "\"credits\""),
        arguments(
            "{plan_type: 'credit_based', credit_balance: 5, credit_reserved: null}",
            "5.0",
            "\"credits\""));
  }

  static Stream<Arguments> untold() {
    return Stream.of(
        arguments("{}", "null"),
        arguments("{balance: 42}", "null"),
        arguments("{plan_type: 'gold', balance: 42}", "null"),
        arguments("{plan_type: 'credit_based'}", "\"credits\""),
        arguments("{plan_type: 'minutes_based', minutes_used: 5}", "\"minutes\""),
        arguments("{plan_type: 'credit_based', credit_balance: 'much'}", "\"credits\""),
        arguments("{plan_type: 'credit_based', credit_balance: 'much', balance: 9}", "\"credits\""),
        arguments("{plan_type: 'credit_based', credit_balance: Infinity}", "\"credits\""),
        arguments("{plan_type: 'credit_based', credit_balance: 1e15}", "\"credits\""),
        arguments(
            "{plan_type: 'credit_based', credit_balance: 5, credit_reserved: NaN}", "\"credits\""),
        arguments(
            "{plan_type: 'minutes_based', minutes_purchased: 5, minutes_used: '3'}", "\"minutes\""),
        arguments("{billing_type: 'minutes', balance: [7]}", "\"minutes\""));
  }

  @ParameterizedTest
  @MethodSource("untold")
  void unknownBalanceIsNull(String document, String billingType) {
    assertThat(account(document))
        .contains("\"balance\":null,\"billing_type\":" + billingType + "}");
  }

  @ParameterizedTest
  @MethodSource("plans")
  void balanceIsRemainingAmount(String document, String balance, String billingType) {
    assertThat(account(document))
        .contains("\"balance\":" + balance + ",\"billing_type\":" + billingType + "}");
  }

  @Test
  void balanceMayBeADecimal128() {
    Document account = Document.parse("{plan_type: 'credit_based'}");
    assertThat(account(account.append("credit_balance", Decimal128.parse("12345.678901"))))
        .contains("\"balance\":12345.6789,");
    account = Document.parse("{plan_type: 'credit_based'}");
    assertThat(account(account.append("credit_balance", Decimal128.NaN)))
        .contains("\"balance\":null,");
  }

  @Test
  void olderFieldNamesAreFallback() {
    assertThat(account("{name: 'Older'}")).contains("\"name\":\"Older\",\"status\":null");
    assertThat(account("{account_name: null, name: 'Older'}")).contains("\"name\":\"Older\"");
    assertThat(account("{account_name: 'New', name: 'Older'}")).contains("\"name\":\"New\"");
    assertThat(account("{account_name: 5, status: ['active']}"))
        .contains("\"name\":null,\"status\":null");
  }

  private static String account(String json) {
    return account(Document.parse(json));
  }

  private static String account(Document account) {
    String id = ContractDatabase.name("account");
    database.db().accounts().insertOne(account.append("account_id", id));
    return database.api().overview(id).ok().body();
  }
}

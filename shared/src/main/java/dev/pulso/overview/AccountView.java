package dev.pulso.overview;

import static dev.pulso.mongo.Lenient.number;
import static dev.pulso.mongo.Lenient.text;

import com.mongodb.client.model.Projections;
import dev.pulso.batch.Rounding;
import dev.pulso.text.JsonWriter;
import java.math.BigDecimal;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * An account as answers show it.
 *
 * @param status {@code active}, {@code suspended}, {@code expired} or {@code pending_activation}
 * @param balance remaining credits or minutes; empty for an unlimited plan, and if unknown
 * @param billingType {@code credits}, {@code minutes} or {@code unlimited}
 */
public record AccountView(
    String accountId,
    Optional<String> name,
    Optional<String> status,
    Optional<BigDecimal> balance,
    Optional<String> billingType) {

  /** The fields of an account document that it reads. */
  public static final Bson FIELDS =
      Projections.include(
          "account_id",
          "account_name",
          "name",
          "status",
          "plan_type",
          "billing_type",
          "credit_balance",
          "credit_reserved",
          "minutes_purchased",
          "minutes_used",
          "minutes_reserved",
          "balance");

  private static final String CREDITS = "credits";
  private static final String MINUTES = "minutes";
  private static final String UNLIMITED = "unlimited";

  /** Reads an account. Without a text as its id it is none: nothing could refer to it. */
  public static Optional<AccountView> of(Document account) {
    return text(account.get("account_id")).map(id -> of(id, account));
  }

  private static AccountView of(String accountId, Document account) {
    Optional<String> billing =
        text(account.get("plan_type"))
            .or(() -> text(account.get("billing_type")))
            .flatMap(AccountView::billingType);
    return new AccountView(
        accountId,
        text(account.get("account_name")).or(() -> text(account.get("name"))),
        text(account.get("status")),
        balance(account, billing).map(Rounding::figure),
        billing);
  }

  /** Writes the fields of an account as answers contain them. */
  public static void write(JsonWriter json, AccountView account) {
    json.text("account_id", account.accountId)
        .text("name", account.name, JsonWriter.LISTED)
        .text("status", account.status)
        .number("balance", account.balance)
        .text("billing_type", account.billingType);
  }

  /** Older accounts already use the billing types of the answer. */
  private static Optional<String> billingType(String plan) {
    return switch (plan) {
      case "credit_based", CREDITS -> Optional.of(CREDITS);
      case "minutes_based", MINUTES -> Optional.of(MINUTES);
      case UNLIMITED -> Optional.of(UNLIMITED);
      default -> Optional.empty();
    };
  }

  /** Returns the balance; empty if unknown, because unknown is not zero. */
  private static Optional<BigDecimal> balance(Document account, Optional<String> billing) {
    return switch (billing.orElse(UNLIMITED)) {
      case MINUTES -> left(account, "minutes_purchased", "minutes_used", "minutes_reserved");
      case CREDITS -> left(account, "credit_balance", "credit_reserved");
      default -> Optional.empty();
    };
  }

  /** Older accounts store the balance as one number. */
  private static Optional<BigDecimal> left(Document account, String given, String... taken) {
    if (account.get(given) == null) {
      return number(account.get("balance"));
    }
    Optional<BigDecimal> left = number(account.get(given));
    for (String field : taken) {
      Object value = account.get(field);
      Optional<BigDecimal> part = value == null ? Optional.of(BigDecimal.ZERO) : number(value);
      left = left.flatMap(rest -> part.map(rest::subtract));
    }
    return left;
  }
}

package dev.pulso.overview;

import static dev.pulso.mongo.Lenient.amount;
import static dev.pulso.mongo.Lenient.text;

import dev.pulso.batch.Rounding;
import java.math.BigDecimal;
import java.util.Optional;
import org.bson.Document;

/**
 * An account as the dashboard shows it.
 *
 * @param accountId its id
 * @param name what people call it
 * @param status {@code active}, {@code suspended}, {@code expired} or {@code pending_activation}
 * @param balance what is left to spend, in credits or minutes; empty for an unlimited plan
 * @param billingType {@code credits}, {@code minutes} or {@code unlimited}
 */
public record AccountView(
    String accountId,
    Optional<String> name,
    Optional<String> status,
    Optional<BigDecimal> balance,
    Optional<String> billingType) {

  private static final String CREDITS = "credits";
  private static final String MINUTES = "minutes";
  private static final String UNLIMITED = "unlimited";

  static AccountView of(String accountId, Document account) {
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

  /** Older accounts name their billing in the words of the answer. */
  private static Optional<String> billingType(String plan) {
    return switch (plan) {
      case "credit_based", CREDITS -> Optional.of(CREDITS);
      case "minutes_based", MINUTES -> Optional.of(MINUTES);
      case UNLIMITED -> Optional.of(UNLIMITED);
      default -> Optional.empty();
    };
  }

  private static Optional<BigDecimal> balance(Document account, Optional<String> billing) {
    return switch (billing.orElse("")) {
      case UNLIMITED -> Optional.empty();
      case MINUTES ->
          Optional.of(left(account, "minutes_purchased", "minutes_used", "minutes_reserved"));
      case CREDITS -> Optional.of(left(account, "credit_balance", "credit_reserved"));
      default -> Optional.of(amount(account.get("balance")));
    };
  }

  /** Older accounts hold what is left as one number. */
  private static BigDecimal left(Document account, String given, String... taken) {
    if (account.get(given) == null) {
      return amount(account.get("balance"));
    }
    BigDecimal left = amount(account.get(given));
    for (String field : taken) {
      left = left.subtract(amount(account.get(field)));
    }
    return left;
  }
}

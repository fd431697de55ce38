package dev.pulso.mongo;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.types.Decimal128;

/**
 * Reads values that other programs wrote. Missing, null and wrongly typed values read as nothing,
 * and never fail.
 */
public final class Lenient {
  /** Figures of this size and above are treated as damage. */
  public static final double ABSURD = 1e15;

  private static final BigDecimal LIMIT = BigDecimal.valueOf(ABSURD);

  /** The beginning of the first year that answers can show (UTC). */
  public static final Instant FIRST_YEAR = Instant.parse("0001-01-01T00:00:00Z");

  /** The end of the years with four digits (UTC). */
  public static final Instant AFTER_LAST_YEAR = Instant.parse("+10000-01-01T00:00:00Z");

  private Lenient() {}

  /** Returns a non-negative number without its fraction; else 0. */
  public static long count(Object value) {
    return switch (value) {
      // What nearly all counters are: a page of a list reads hundreds.
      case Long l -> l < ABSURD ? Math.max(0, l) : 0;
      case Integer i -> Math.max(0, i);
      case null, default -> Math.max(0, amount(value).longValue());
    };
  }

  /** Returns a non-negative amount; else 0. */
  public static BigDecimal notNegative(Object value) {
    return amount(value).max(BigDecimal.ZERO);
  }

  /** Returns a finite number in its shortest decimal form; else 0. */
  public static BigDecimal amount(Object value) {
    return number(value).orElse(BigDecimal.ZERO);
  }

  /** Returns a finite number below {@link #ABSURD}. */
  public static Optional<BigDecimal> number(Object value) {
    return finite(value).filter(n -> n.abs().compareTo(LIMIT) < 0);
  }

  /** Returns a sum, which may exceed {@link #ABSURD} though its parts do not; else 0. */
  public static BigDecimal sum(Object value) {
    return finite(value).orElse(BigDecimal.ZERO);
  }

  private static Optional<BigDecimal> finite(Object value) {
    return Optional.ofNullable(
        switch (value) {
          case Integer i -> BigDecimal.valueOf(i);
          case Long l -> BigDecimal.valueOf(l);
          case Double d when Double.isFinite(d) -> BigDecimal.valueOf(d);
          case Decimal128 d when d.isFinite() -> decimal(d);
          case null, default -> null;
        });
  }

  private static BigDecimal decimal(Decimal128 value) {
    // Decimal128 has a negative zero; BigDecimal has none.
    return value.doubleValue() == 0 ? BigDecimal.ZERO : value.bigDecimalValue();
  }

  /** Returns a time (UTC) of the years 1 to 9999. */
  public static Optional<Instant> time(Object value) {
    return value instanceof Date date
        ? Optional.of(date.toInstant())
            .filter(t -> !t.isBefore(FIRST_YEAR) && t.isBefore(AFTER_LAST_YEAR))
        : Optional.empty();
  }

  public static Optional<String> text(Object value) {
    return value instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** Returns the strings of an array; none for any other value. */
  public static List<String> texts(Object value) {
    return value instanceof List<?> entries
        ? entries.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }

  /** Returns whether the value is the boolean true. */
  public static boolean isTrue(Object value) {
    return Boolean.TRUE.equals(value);
  }

  /** Returns an embedded document; an empty one for any other value. */
  public static Document document(Object value) {
    return value instanceof Document document ? document : new Document();
  }

  /** Returns the documents of an array; none for any other value. */
  public static List<Document> documents(Object value) {
    return value instanceof List<?> entries
        ? entries.stream().filter(Document.class::isInstance).map(Document.class::cast).toList()
        : List.of();
  }
}

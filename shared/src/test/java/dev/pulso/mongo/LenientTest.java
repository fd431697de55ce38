package dev.pulso.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.Test;

class LenientTest {
  private static final List<Object> NO_NUMBERS =
      Arrays.asList(
          null,
          "12",
          true,
          List.of(1),
          new Document("a", 1),
          new Date(5),
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          Decimal128.NaN,
          Decimal128.POSITIVE_INFINITY,
          Decimal128.NEGATIVE_INFINITY);

  @Test
  void nonFiniteNumbersAreIgnored() {
    assertThat(NO_NUMBERS).allSatisfy(value -> assertThat(Lenient.number(value)).isEmpty());
    assertThat(NO_NUMBERS).allSatisfy(value -> assertThat(Lenient.amount(value)).isZero());
    assertThat(NO_NUMBERS).allSatisfy(value -> assertThat(Lenient.sum(value)).isZero());
    assertThat(NO_NUMBERS).allSatisfy(value -> assertThat(Lenient.count(value)).isZero());
  }

  @Test
  void numbersOfAllTypesAreExact() {
    assertThat(Lenient.amount(7)).isEqualTo("7");
    assertThat(Lenient.amount(7L)).isEqualTo("7");
    assertThat(Lenient.amount(0.1)).isEqualTo("0.1");
    assertThat(Lenient.amount(Decimal128.parse("0.10"))).isEqualTo("0.10");
    assertThat(Lenient.amount(Decimal128.parse("-0"))).isZero();
  }

  @Test
  void onlySumsMayBeAbsurdlyLarge() {
    assertThat(Lenient.number(1e15)).isEmpty();
    assertThat(Lenient.number(-1e15)).isEmpty();
    assertThat(Lenient.number(Long.MAX_VALUE)).isEmpty();
    assertThat(Lenient.number(999_999_999_999_999L)).isPresent();
    assertThat(Lenient.sum(3e15)).isEqualByComparingTo(new BigDecimal("3e15"));
  }

  @Test
  void countsAreWholeAndNeverNegative() {
    assertThat(Lenient.count(2.9)).isEqualTo(2);
    assertThat(Lenient.count(-5)).isZero();
    assertThat(Lenient.count(Long.MIN_VALUE)).isZero();
    assertThat(Lenient.count(999_999_999_999_999L)).isEqualTo(999_999_999_999_999L);
    assertThat(Lenient.count(1_000_000_000_000_000L)).isZero();
  }

  @Test
  void timesHaveFourDigitYears() {
    Instant now = Instant.parse("2025-01-15T10:30:00.123Z");
    assertThat(Lenient.time(Date.from(now))).contains(now);
    for (Object odd :
        Arrays.asList(
            null,
            "2025-01-15",
            1_736_937_000_000L,
            new BsonTimestamp(5, 1),
            new Date(Long.MAX_VALUE),
            new Date(Long.MIN_VALUE),
            Date.from(Lenient.AFTER_LAST_YEAR))) {
      assertThat(Lenient.time(odd)).isEmpty();
    }
  }

  @Test
  void wrongTypesAreIgnored() {
    assertThat(Lenient.isTrue(true)).isTrue();
    assertThat(Arrays.asList(null, 1, "true", false)).noneMatch(Lenient::isTrue);
    assertThat(Lenient.text(5)).isEmpty();
    assertThat(Lenient.text("5")).contains("5");
    assertThat(Lenient.document("no")).isEmpty();
  }
}

package dev.pulso.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class JsonWriterTimesTest {
  private static final DateTimeFormatter FORMATTER =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  @Example
  void timeHasSixDigitsAndZ() {
    assertThat(JsonWriter.format(Instant.parse("2025-01-15T10:30:00Z")))
        .isEqualTo("2025-01-15T10:30:00.000000Z");
    assertThat(JsonWriter.format(Instant.parse("1969-12-31T23:59:59.123456789Z")))
        .isEqualTo("1969-12-31T23:59:59.123456Z");
    assertThat(JsonWriter.format(Instant.parse("0001-01-01T00:00:00Z")))
        .isEqualTo("0001-01-01T00:00:00.000000Z");
  }

  @Property
  void matchesFormatter(
      @ForAll @LongRange(min = -62_135_596_800L, max = 253_402_300_799L) long seconds,
      @ForAll @IntRange(max = 999_999_999) int nanos) {
    Instant time = Instant.ofEpochSecond(seconds, nanos);
    assertThat(JsonWriter.format(time)).isEqualTo(FORMATTER.format(time));
  }
}

package dev.pulso.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class RoundingTest {
  @Test
  void percentagesHaveTwoDecimalsAtMost() {
    assertThat(Rounding.percentage(70, 1_924)).isEqualTo("3.64");
    assertThat(Rounding.percentage(2, 3)).isEqualTo("66.67");
    assertThat(Rounding.percentage(1, 1)).isEqualTo("100.0");
    assertThat(Rounding.percentage(1, 8)).isEqualTo("12.5");
    assertThat(Rounding.percentage(1, 1_000_000)).isEqualTo("0.0");
  }

  @Test
  void progressIs100OnlyWhenComplete() {
    assertThat(Rounding.progress(999_999, 1_000_000)).isEqualTo("99.99");
    assertThat(Rounding.progress(199_989, 200_000)).isEqualTo("99.99");
    assertThat(Rounding.progress(1_000_000, 1_000_000)).isEqualTo("100.0");
    assertThat(Rounding.progress(1, 3)).isEqualTo("33.33");
    assertThat(Rounding.progress(1, 200_000 / 10)).isEqualTo("0.01");
    assertThat(Rounding.progress(0, 0)).isEqualTo("0.0");
  }

  @Test
  void partOfNothingIsZero() {
    assertThat(Rounding.percentage(0, 0)).isEqualTo("0.0");
  }

  @Test
  void centsBecomeUnitsWithoutBinaryNoise() {
    assertThat(Rounding.units(BigDecimal.valueOf(0.1 + 0.2))).isEqualTo("0.003");
    assertThat(Rounding.units(BigDecimal.valueOf(30.000000000000004))).isEqualTo("0.3");
    assertThat(Rounding.units(new BigDecimal("28.197"))).isEqualTo("0.282");
    assertThat(Rounding.units(new BigDecimal("12550"))).isEqualTo("125.5");
    assertThat(Rounding.units(BigDecimal.valueOf(1e13)).toString()).isEqualTo("100000000000.0");
  }

  @Test
  void millisecondsBecomeMinutesOfFourDecimals() {
    assertThat(Rounding.minutes(new BigDecimal("60000"))).isEqualTo("1.0");
    assertThat(Rounding.minutes(new BigDecimal("100"))).isEqualTo("0.0017");
    assertThat(Rounding.minutes(BigDecimal.ZERO)).isEqualTo("0.0");
  }

  @Test
  void halfRoundsUp() {
    assertThat(Rounding.twoDecimals(new BigDecimal("0.305"))).isEqualTo("0.31");
    assertThat(Rounding.twoDecimals(new BigDecimal("1.0049999999999999"))).isEqualTo("1.01");
    assertThat(Rounding.twoDecimals(new BigDecimal("1.00495"))).isEqualTo("1.0");
    assertThat(Rounding.twoDecimals(new BigDecimal("1.0049996"))).isEqualTo("1.0");
    assertThat(Rounding.figure(new BigDecimal("0.00005"))).isEqualTo("0.0001");
  }
}

package dev.pulso.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameOrderTest {
  /** In order. */
  private static final List<String> NAMES =
      List.of(
          "",
          "7 Mares",
          "Andes",
          "Ánfora",
          "Casa 2",
          "casa 010",
          "Casa 100",
          "Casa " + "9".repeat(36),
          "Casa " + "1".repeat(92),
          "Casa Grande",
          "Casal",
          "nube",
          "Nzema",
          "Ñandú",
          "ñu",
          "oasis",
          "San Juan",
          "Sana",
          "Άλφα",
          "Яндекс");

  @Test
  void namesSortAsPeopleExpect() {
    List<String> sorted = new ArrayList<>(NAMES);
    Collections.shuffle(sorted, new Random(7));
    sorted.sort(Comparator.comparing(NameOrder::key));
    assertThat(sorted).isEqualTo(NAMES);
  }

  @ParameterizedTest
  @CsvSource({"Perú,PERU", "Pe\u0301rez,pérez", "ÑANDU,n\u0303andú", "Sala 007,sala 7"})
  void caseAccentsAndZerosDoNotSeparate(String one, String other) {
    assertThat(NameOrder.key(one)).isEqualTo(NameOrder.key(other));
  }
}

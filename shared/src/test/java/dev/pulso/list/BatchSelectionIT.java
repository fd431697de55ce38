package dev.pulso.list;

import static dev.pulso.fixture.Builders.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.access.Accounts;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchState;
import dev.pulso.batch.Batches;
import dev.pulso.fixture.PulsoFixture;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchSelectionIT {
  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  @ParameterizedTest
  @CsvSource({
    "alamo, Álamo marzo",
    "ÁLAMO, alamo marzo",
    "campana, CAMPAÑA de otoño",
    "campaña, campana de otono",
    "otonó, Campaña de otoño",
    "istanbul, İstanbul",
    "αθηνα, Αθήνα",
    "Αθήνα, ΑΘΗΝΑ",
    "йога, ИОГА",
    "한국, 한국 3월",
    "100%, 100% (a.b) [c]",
    "(A.B) [c], 100% (a.b) [c]",
    "'a\\', a\\b^$|{}?*+#",
    "^$|{}?*+#, a\\b^$|{}?*+#",
    "Hồ, ho chi minh",
    "𝒳, 𝒳 y",
    "straße, STRAßE",
    "straße, STRAẞE",
    "STRAẞE, straße",
    "ΑΘΗΝΑΣ, Αθήνας",
    "Αθήνας, αθηνασ",
    "ISPARTA, ısparta",
    "5 μm, 5 µm",
    "10 kΩ, 10 \u212a\u2126",
    "ǆ, ǅ",
    "서울, 서울 3월",
    "がん, がん x",
    "آب, آب"
  })
  void searchIgnoresCaseAndAccents(String q, String name) {
    String decomposed = Normalizer.normalize(name, Form.NFD);
    fixture.batches(
        batch("composed").append("name", Normalizer.normalize(name, Form.NFC)),
        batch("decomposed").append("name", decomposed),
        batch("description").append("name", null).append("description", "- " + name),
        batch("other").append("name", "Renovacion"));
    for (Form form : List.of(Form.NFC, Form.NFD)) {
      assertThat(found(Normalizer.normalize("  " + q + "\u00a0", form)))
          .as("%s %s", q, form)
          .containsExactlyInAnyOrder("composed", "decomposed", "description");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.amo", "alamo$", ".*", "ala", "^a"})
  void searchTakesPatternsAsText(String q) {
    fixture.batches(batch("1").append("name", "Almo"));
    assertThat(found(q)).isEmpty();
  }

  @Test
  void searchFindsBatchId() {
    fixture.batches(batch("batch-20251015-abc1"), batch("batch-20251015-abc2"));
    assertThat(found("ABC2")).containsExactly("batch-20251015-abc2");
  }

  @Test
  void searchSkipsOddValues() {
    fixture.batches(
        batch("1").append("name", 7).append("description", List.of("Álamo")),
        batch("2").append("name", new Document("a", "Álamo")).append("description", null));
    assertThat(found("alamo")).isEmpty();
  }

  /** Patterns look for the rarest letter first, in texts with and without it. */
  @ParameterizedTest
  @ValueSource(strings = {"xa", "axa", "zeta x", "x 20251015", "ñandú x"})
  void searchFindsTextAfterPartsOfIt(String q) {
    fixture.batches(
        batch("begins").append("name", q + " marzo"),
        batch("repeats").append("name", "ax x a x.a " + q),
        batch("ends").append("description", "Größe × ÿ\n" + q),
        batch("apart").append("name", "x a z e t a ñ 2025 1015 andu"));
    assertThat(found(q)).containsExactlyInAnyOrder("begins", "repeats", "ends");
  }

  @ParameterizedTest
  @ValueSource(strings = {"я", "é", "a", "x"})
  void searchReadsLongTexts(String letter) {
    fixture.batches(batch("1").append("description", letter.repeat(20_000) + " nowhere"));
    assertThat(found("nowhere")).containsExactly("1");
    assertThat(found("nowhere else")).isEmpty();
  }

  @Test
  void longestSearchFitsIntoPattern() {
    String longest = "oaeu".repeat(25);
    fixture.batches(batch("1").append("name", longest.replace('o', 'Ở')));
    assertThat(found(longest)).containsExactly("1");
    assertThatThrownBy(() -> SearchText.parse(Optional.of(longest + "o")))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessage(
            "q must have at most 100 characters, no control characters, and more than accents.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000b", "a\nb", "a\ud800b", "\u0301", " \u0301\u0303"})
  void searchRefusesOtherCharacters(String q) {
    assertThatThrownBy(() -> SearchText.parse(Optional.of(q)))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageStartingWith("q ");
  }

  @Test
  void searchOfNothingIsNone() {
    assertThat(SearchText.parse(Optional.of(" \u2003"))).isEmpty();
    assertThat(SearchText.parse(Optional.empty())).isEmpty();
  }

  @Test
  void statesAreListedInAnyCase() {
    assertThat(BatchSelection.states(Optional.of("RUNNING")))
        .isEqualTo(BatchSelection.states(Optional.of("active")))
        .containsExactly(BatchState.ACTIVE);
    assertThat(BatchSelection.states(Optional.of("Paused, cancelled,paused")))
        .containsExactly(BatchState.PAUSED, BatchState.CANCELLED);
    assertThat(BatchSelection.states(Optional.of(" "))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"done", "active,", ",", "active;paused", "RUNNING,x"})
  void unknownStatesAreRefused(String states) {
    assertThatThrownBy(() -> BatchSelection.states(Optional.of(states)))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageStartingWith("status ");
  }

  @Test
  void activeMeansWhatRowsShow() {
    List<Object> odd = Arrays.asList(true, false, null, 1, "true", List.of(true), new Date(0));
    List<Object> markers = Arrays.asList(null, false, new Date(0), "2025", Arrays.asList(null, 1));
    int id = 0;
    for (Object active : odd) {
      for (Object marker : markers) {
        fixture.batches(
            batch("b" + id++).append("is_active", active).append("cancelled_at", marker));
      }
    }
    for (boolean wanted : List.of(true, false)) {
      assertThat(
              found(
                      new BatchSelection(
                          Accounts.ALL, Set.of(), Optional.of(wanted), Optional.empty()))
                  .stream()
                  .map(Batch::isActive))
          .isNotEmpty()
          .containsOnly(wanted);
    }
    assertThat(
            found(new BatchSelection(Accounts.ALL, Set.of(), Optional.of(true), Optional.empty())))
        .hasSize(2);
  }

  @Test
  void selectionKeepsToAccounts() {
    fixture.batches(
        batch("own"),
        batch("foreign").append("account_id", "acc-peru-001"),
        batch("both").append("account_id", List.of("acc-chile-001", "acc-peru-001")),
        batch("none").append("account_id", null));
    Accounts own = Accounts.of(Set.of("acc-chile-001"));
    assertThat(
            found(new BatchSelection(own, Set.of(), Optional.empty(), Optional.empty())).stream()
                .map(Batch::name))
        .containsExactly("own");
    assertThat(
            found(
                new BatchSelection(
                    Accounts.of(Set.of()), Set.of(), Optional.empty(), Optional.empty())))
        .isEmpty();
  }

  private List<String> found(String q) {
    Optional<SearchText> text = SearchText.parse(Optional.of(q));
    return found(new BatchSelection(Accounts.ALL, Set.of(), Optional.empty(), text)).stream()
        .map(Batch::name)
        .toList();
  }

  private List<Batch> found(BatchSelection selection) {
    return new Batches(fixture.db()).findSome(selection.filter(), 1_000);
  }
}

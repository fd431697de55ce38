package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  private static final Map<String, String> NOTHING_SET = Map.of();

  @Test
  void defaultIsPort8000OnLoopback() {
    assertThat(parse())
        .isEqualTo(new Options(8000, Optional.empty(), Optional.empty(), false, false));
  }

  @Test
  void allOptionsTogether() {
    assertThat(parse("--port", "9000", "--host", "0.0.0.0", "--no-demo", "--reset", "--auth"))
        .isEqualTo(new Options(9000, Optional.of("0.0.0.0"), Optional.of(false), true, true));
    assertThat(parse("--demo").demo()).contains(true);
  }

  @Test
  void environmentSetsDefaultPort() {
    Map<String, String> environment = Map.of("PORT", "8100");
    assertThat(Options.parse(List.of(), environment).port()).isEqualTo(8100);
    assertThat(Options.parse(List.of("--port", "9"), environment).port()).isEqualTo(9);
    assertThat(Options.parse(List.of(), Map.of("PORT", " ")).port()).isEqualTo(8000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "65536", "http", "", "99999999999"})
  void invalidPortIsRefused(String port) {
    assertThatThrownBy(() -> parse("--port", port))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("The port must be a number from 0 to 65535");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--verbose", "8000", "--port=8000", "-p", "--PORT"})
  void unknownOptionsAreRefused(String option) {
    assertThatThrownBy(() -> parse(option))
        .isInstanceOf(UsageException.class)
        .hasMessage("Unknown option: " + option);
  }

  @Test
  void contradictionsAreRefused() {
    assertThatThrownBy(() -> parse("--demo", "--no-demo"))
        .hasMessage("--demo and --no-demo exclude each other.");
    assertThatThrownBy(() -> parse("--port")).hasMessage("--port needs a value.");
    assertThatThrownBy(
            () -> Options.parse(List.of("--reset"), Map.of("MONGODB_URI", "mongodb://db/")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("MONGODB_URI");
  }

  private static Options parse(String... arguments) {
    return Options.parse(List.of(arguments), NOTHING_SET);
  }
}

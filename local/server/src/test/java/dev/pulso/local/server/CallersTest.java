package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.AccessRules;
import dev.pulso.config.Settings;
import dev.pulso.local.server.http.Authorizer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallersTest {
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, true, true",
    "::, true, true",
    "192.0.2.1, true, true",
    "127.0.0.1, true, false",
    "localhost, true, false",
    "::1, true, false",
    "0.0.0.0, false, false"
  })
  void openHostWithoutTokensWarns(String host, boolean anonymous, boolean warned) {
    AccessRules rules =
        Settings.from(Map.of("ALLOW_ANONYMOUS", Boolean.toString(anonymous))).access();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Callers callers =
        Callers.open(
            Listening.isLoopback(Options.parse(List.of("--host", host), Map.of())),
            rules,
            new Steps(new PrintStream(printed, true, StandardCharsets.UTF_8)));
    assertThat(callers.authorizer()).isSameAs(Authorizer.OPEN);
    assertThat(printed.toString(StandardCharsets.UTF_8).contains("Warning")).isEqualTo(warned);
  }
}

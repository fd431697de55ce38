package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListeningTest {
  @ParameterizedTest
  @CsvSource({
    "localhost, , true",
    "LOCALHOST, , true",
    "pulso.localhost, , true",
    "127.0.0.1, , true",
    "[::1], , true",
    "0.0.0.0, , true",
    "192.168.1.7, , true",
    "rebound.example, , false",
    "localhost.rebound.example, , false",
    "notlocalhost, , false",
    "127.0.0.1.rebound.example, , false",
    "[::1].rebound.example, , false",
    "pulso.lan, 0.0.0.0, true",
    "rebound.example, localhost, false",
    "rebound.example, 127.0.0.1, false",
    "rebound.example, ::1, false",
    "localhost, 127.0.0.1, true",
    "127.0.1.1, 127.0.1.1, true"
  })
  void requestsNameTheHostTheyMean(String named, String host, boolean isOurs) {
    Options options = new Options(0, Optional.ofNullable(host), Optional.empty(), false, false);
    assertThat(Listening.isOurs(options, Listening.isLoopback(options), named)).isEqualTo(isOurs);
  }

  @ParameterizedTest
  @CsvSource({
    ", http://localhost:8000",
    "0.0.0.0, http://localhost:8000",
    "::, http://localhost:8000",
    "127.0.0.1, http://127.0.0.1:8000",
    "::1, http://[::1]:8000",
    "[::1], http://[::1]:8000",
    "laptop.invalid, http://laptop.invalid:8000"
  })
  void urlNamesGivenHost(String host, String url) {
    Options options = new Options(0, Optional.ofNullable(host), Optional.empty(), false, false);
    assertThat(Listening.url(options, 8000)).isEqualTo(url);
  }

  @Test
  void givenNameOfLoopbackIsOurs() {
    Options options = new Options(0, Optional.of("laptop"), Optional.empty(), false, false);
    assertThat(Listening.isOurs(options, true, "Laptop")).isTrue();
    assertThat(Listening.isOurs(options, true, "rebound.example")).isFalse();
  }
}

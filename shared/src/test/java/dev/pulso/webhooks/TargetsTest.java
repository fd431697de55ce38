package dev.pulso.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {
  private static final Targets CLOUD = new Targets(false);
  private static final Targets LAPTOP = new Targets(true);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com", "https://example.com:8443/a/b?c=d", "HTTPS://Example.COM/",
        "https://8.8.8.8/", "https://[2606:4700:4700::1111]/", "https://xn--bcher-kva.example/",
        "https://1and1.example/", "https://localhost.example/"
      })
  void publicAddressesAreAllowed(String url) {
    assertThat(CLOUD.problem(url)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "/hook",
        "http://example.com",
        "ftp://example.com",
        "file:///etc/passwd",
        "https:example.com",
        "https://",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://user@example.com/",
        "https://user:word@example.com/",
        "https://example.com/#part",
        "https://exa mple.com/",
        "https://bücher.example/",
        "https://example.com\\@127.0.0.1/",
        "https://localhost/",
        "https://a.localhost./",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00:ec2::254]/",
        "https://2130706433/",
        "https://127.1/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://0x7f000001/",
        "https://127.0.0.1./",
        "https://999.1.1.1/"
      })
  void othersAreRefused(String url) {
    assertThat(CLOUD.problem(url)).isPresent();
  }

  @Test
  void urlHasLimit() {
    String url = "https://example.com/";
    assertThat(CLOUD.problem(url + "a".repeat(2_048 - url.length()))).isEmpty();
    assertThat(CLOUD.problem(url + "a".repeat(2_049 - url.length()))).isPresent();
  }

  @Test
  void laptopAllowsLoopbackAlone() {
    assertThat(LAPTOP.problem("http://localhost:9000/hook")).isEmpty();
    assertThat(LAPTOP.problem("http://127.0.0.1:9000/hook")).isEmpty();
    assertThat(LAPTOP.problem("http://10.0.0.1/hook")).isPresent();
    assertThat(LAPTOP.allow(InetAddress.ofLiteral("::1"))).isTrue();
    assertThat(LAPTOP.allow(InetAddress.ofLiteral("192.168.0.1"))).isFalse();
    assertThat(CLOUD.allow(InetAddress.ofLiteral("127.0.0.1"))).isFalse();
  }
}

package dev.pulso.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {
  private static final Targets CLOUD = new Targets(false);
  private static final Targets LAPTOP = new Targets(true);

  private static final String REFUSED =
      """
      ''                            | url must begin with https://.
      example.com                   | url must begin with https://.
      /hook                         | url must begin with https://.
      http://example.com            | url must begin with https://.
      ftp://example.com             | url must begin with https://.
      file:///etc/passwd            | url must begin with https://.
      https:example.com             | url needs a host, as in https://example.com/hook.
      https://                      | url is not a valid URL.
      https:///hook                 | url needs a host, as in https://example.com/hook.
      https://exa mple.com/         | url is not a valid URL.
      'https://example.com\\@127.0.0.1/' | url is not a valid URL.
      https://my_host.example/      | NO_HOST
      https://example.com:hook/     | NO_HOST
      https://bücher.example/       | The host of url must be in ASCII, as in https://xn--bcher-kva.example/.
      https://例え.example/          | The host of url must be in ASCII, as in https://xn--bcher-kva.example/.
      https://example.com:0/        | The port of url must be from 1 to 65535.
      https://example.com:65536/    | The port of url must be from 1 to 65535.
      https://user@example.com/     | url must have no user and no password.
      https://user:word@example.com/ | url must have no user and no password.
      https://example.com/#part     | url must have no fragment (#…).
      https://example.com./         | The host of url must not end with a dot.
      https://a.localhost./         | The host of url must not end with a dot.
      https://127.0.0.1./           | NO_HOST
      https://localhost/            | url must point to a public address. localhost is not public.
      https://a.localhost/          | url must point to a public address. a.localhost is not public.
      https://127.0.0.1/            | url must point to a public address. 127.0.0.1 is not public.
      https://10.1.2.3/             | url must point to a public address. 10.1.2.3 is not public.
      https://169.254.169.254/latest/meta-data/ | url must point to a public address. 169.254.169.254 is not public.
      https://[::1]/                | url must point to a public address. [::1] is not public.
      https://[fe80::1]/            | url must point to a public address. [fe80::1] is not public.
      https://[fd00:ec2::254]/      | url must point to a public address. [fd00:ec2::254] is not public.
      https://[64:ff9b::808:808]/   | url must point to a public address. [64:ff9b::808:808] is not public.
      https://[::ffff:127.0.0.1]/   | The address in url is an IPv4 address in IPv6 notation. Write it as IPv4.
      https://[::ffff:8.8.8.8]/     | The address in url is an IPv4 address in IPv6 notation. Write it as IPv4.
      https://[fe80::1%eth0]/       | The address in url must have no zone (%…).
      https://[fe80::1%25eth0]/     | The address in url must have no zone (%…).
      https://[2606:4700:4700::1111%1]/ | The address in url must have no zone (%…).
      https://2130706433/           | NO_HOST
      https://127.1/                | NO_HOST
      https://0x7f.0.0.1/           | NO_HOST
      https://0177.0.0.1/           | NO_HOST
      https://0x7f000001/           | NO_HOST
      https://999.1.1.1/            | NO_HOST
      """;

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

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', textBlock = REFUSED)
  void refusalSaysWhatIsWrong(String url, String problem) {
    String noHost =
        "The host of url must be a name (letters, digits, hyphens, dots) or an address such as "
            + "192.0.2.1 or [2001:db8::1]. A port must be a number.";
    assertThat(CLOUD.problem(url)).contains(problem.replace("NO_HOST", noHost));
  }

  @Test
  void urlHasLimit() {
    String url = "https://example.com/";
    assertThat(CLOUD.problem(url + "a".repeat(2_048 - url.length()))).isEmpty();
    assertThat(CLOUD.problem(url + "a".repeat(2_049 - url.length()))).isPresent();
  }

  @Test
  void hostHasLimits() {
    assertThat(CLOUD.problem("https://" + "a".repeat(63) + ".example/")).isEmpty();
    assertThat(CLOUD.problem("https://" + "a".repeat(64) + ".example/"))
        .contains("The host of url is too long: 253 characters, 63 between dots at most.");
    String four = ("a".repeat(60) + ".").repeat(4);
    assertThat(CLOUD.problem("https://" + four + "example/")).isEmpty();
    assertThat(CLOUD.problem("https://" + four + "examples.example/"))
        .contains("The host of url is too long: 253 characters, 63 between dots at most.");
  }

  @Test
  void laptopAllowsLoopbackAlone() {
    assertThat(LAPTOP.problem("http://localhost:9000/hook")).isEmpty();
    assertThat(LAPTOP.problem("http://127.0.0.1:9000/hook")).isEmpty();
    assertThat(LAPTOP.problem("http://10.0.0.1/hook")).isPresent();
    assertThat(LAPTOP.problem("ftp://localhost/"))
        .contains("url must begin with https:// or http://.");
    assertThat(LAPTOP.allow(InetAddress.ofLiteral("::1"))).isTrue();
    assertThat(LAPTOP.allow(InetAddress.ofLiteral("192.168.0.1"))).isFalse();
    assertThat(CLOUD.allow(InetAddress.ofLiteral("127.0.0.1"))).isFalse();
  }
}

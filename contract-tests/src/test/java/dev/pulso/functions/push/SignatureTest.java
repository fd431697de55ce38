package dev.pulso.functions.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The cases named after files are those of AWS's own test suite for Signature Version 4. */
class SignatureTest {
  private static final String KEY_ID = "AKIDEXAMPLE";
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final Instant SUITE_TIME = Instant.parse("2015-08-30T12:36:00Z");
  private static final URI SUITE = URI.create("https://example.amazonaws.com/");
  private static final Signature SUITE_SIGNATURE =
      new Signature(new Credentials(KEY_ID, SECRET, Optional.empty()), "us-east-1", "service");

  @Test
  void getVanilla() {
    assertThat(suite("GET", SUITE, Map.of(), ""))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                + " SignedHeaders=host;x-amz-date,"
                + " Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  }

  @Test
  void postVanilla() {
    assertThat(suite("POST", SUITE, Map.of(), ""))
        .endsWith("5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
  }

  @Test
  void getUnreserved() {
    String path = "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    assertThat(suite("GET", SUITE.resolve(path), Map.of(), ""))
        .endsWith("07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f");
  }

  @Test
  void postFormUrlencoded() {
    assertThat(
            suite(
                "POST",
                SUITE,
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                "Param1=value1"))
        .endsWith("ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
  }

  private static String suite(String method, URI uri, Map<String, String> headers, String body) {
    return SUITE_SIGNATURE
        .headers(method, uri, headers, body.getBytes(StandardCharsets.UTF_8), SUITE_TIME)
        .get("Authorization");
  }

  /** The expected values are those of botocore, AWS's own library for Python. */
  @Test
  void connectionIdsAreEncodedTwice() {
    URI uri =
        URI.create(
            "https://abc123.execute-api.eu-west-1.amazonaws.com"
                + "/events/@connections/L0SM9cOFvHcCIhw%3D");
    Instant now = Instant.parse("2026-11-26T12:30:15Z");
    Map<String, String> posted =
        of(Optional.of("a-session/token+x=="))
            .headers(
                "POST",
                uri,
                Map.of("content-type", "application/json"),
                "{\"type\":\"heartbeat\"}".getBytes(StandardCharsets.UTF_8),
                now);
    assertThat(posted)
        .containsEntry("x-amz-date", "20261126T123015Z")
        .containsEntry("x-amz-security-token", "a-session/token+x==");
    assertThat(posted.get("Authorization"))
        .contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,")
        .endsWith("d88eb47b3dd3c9aa35c5fe65a73a96cd4f30b43c8566428c80e1e8bb50baf9d8");
    assertThat(
            of(Optional.empty())
                .headers("DELETE", uri, Map.of(), new byte[0], now)
                .get("Authorization"))
        .endsWith("3d78b4edd75523d1124480bad2dbeaf3a5f4765b71add9cd09398f462a37233b");
  }

  private static Signature of(Optional<String> sessionToken) {
    return new Signature(new Credentials(KEY_ID, SECRET, sessionToken), "eu-west-1", "execute-api");
  }
}

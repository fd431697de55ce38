package dev.pulso.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretBoxTest {
  private static final String OLD_KEY = "a".repeat(64);
  private static final String NEW_KEY = "b".repeat(64);

  private final SigningSecret secret = SigningSecret.random();

  @Test
  void secretComesBack() {
    SecretBox box = new SecretBox(List.of(OLD_KEY));
    assertThat(box.decrypt(box.encrypt(secret, "wh_a"), "wh_a").orElseThrow().text())
        .isEqualTo(secret.text());
  }

  @Test
  void oldKeyStillDecrypts() {
    SecretBox.Encrypted old = new SecretBox(List.of(OLD_KEY)).encrypt(secret, "wh_a");
    SecretBox both = new SecretBox(List.of(NEW_KEY, OLD_KEY));
    assertThat(both.decrypt(old, "wh_a").orElseThrow().text()).isEqualTo(secret.text());
    assertThat(both.encrypt(secret, "wh_a").keyId()).isNotEqualTo(old.keyId());
  }

  @Test
  void otherKeyWebhookOrBytesAreRefused() {
    SecretBox box = new SecretBox(List.of(OLD_KEY));
    SecretBox.Encrypted encrypted = box.encrypt(secret, "wh_a");
    byte[] changed = encrypted.bytes().clone();
    changed[changed.length - 1] ^= 1;
    assertThat(new SecretBox(List.of(NEW_KEY)).decrypt(encrypted, "wh_a")).isEmpty();
    assertThat(box.decrypt(encrypted, "wh_b")).isEmpty();
    assertThat(box.decrypt(new SecretBox.Encrypted(encrypted.keyId(), changed), "wh_a")).isEmpty();
    assertThat(box.decrypt(new SecretBox.Encrypted(encrypted.keyId(), new byte[3]), "wh_a"))
        .isEmpty();
  }

  @Test
  void secretHas32BytesAndHidesThem() {
    assertThat(secret.text()).startsWith("whsec_");
    assertThat(Base64.getDecoder().decode(secret.text().substring(6))).hasSize(32);
    assertThat(secret.toString()).doesNotContain(secret.text().substring(6, 12));
  }

  /** Made with the library of the specification (standardwebhooks for Python). */
  @Test
  void signatureIsThatOfTheSpecification() {
    SigningSecret known =
        new SigningSecret(Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    assertThat(
            known.sign(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                Instant.ofEpochSecond(1_614_265_330),
                "{\"test\": 2432232314}"))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }
}

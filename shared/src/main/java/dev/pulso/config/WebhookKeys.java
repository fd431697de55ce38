package dev.pulso.config;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the keys that encrypt the secrets of webhooks: from the settings, or a secret. */
public final class WebhookKeys {
  private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");

  /** As many characters hold more than 128 bits, also if they are hexadecimal digits. */
  private static final int SHORTEST = 40;

  private WebhookKeys() {}

  /**
   * Returns the keys. The first one encrypts; the others only decrypt what they encrypted before.
   *
   * @throws MissingConnectionException when there is none, or one is too short to be random
   */
  public static List<String> read(Settings settings, Map<String, String> environment) {
    String text =
        settings
            .webhooks()
            .keys()
            .orElseGet(
                () ->
                    SecretsExtension.read(
                        "WEBHOOK_KEYS nor WEBHOOK_KEYS_SECRET_ID",
                        settings.webhooks().keysSecretId(),
                        environment));
    List<String> keys = List.of(WHITE_SPACE.split(text.strip()));
    if (keys.stream().anyMatch(key -> key.length() < SHORTEST)) {
      throw new MissingConnectionException(
          "A key of webhooks must have at least " + SHORTEST + " random characters.");
    }
    return keys;
  }
}

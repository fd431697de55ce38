package dev.pulso.config;

import java.util.Map;

/** Reads the connection string: from the settings, or from AWS Secrets Manager. */
public final class ConnectionSecret {
  private ConnectionSecret() {}

  /**
   * Returns the current connection string.
   *
   * @throws MissingConnectionException when there is none; the message never contains the string
   */
  public static String read(Settings settings, Map<String, String> environment) {
    return settings
        .mongoUri()
        .orElseGet(() -> SecretText.connectionString(fetch(settings, environment)));
  }

  private static String fetch(Settings settings, Map<String, String> environment) {
    String secretId =
        settings
            .mongoSecretId()
            .orElseThrow(
                () ->
                    new MissingConnectionException(
                        "Neither MONGODB_URI nor MONGODB_SECRET_ID is set."));
    return new SecretsExtension(environment).secret(secretId);
  }
}

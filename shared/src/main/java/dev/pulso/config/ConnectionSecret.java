package dev.pulso.config;

import java.util.Map;

/** Where the connection string comes from: given outright, or kept in AWS Secrets Manager. */
public final class ConnectionSecret {
  private ConnectionSecret() {}

  /**
   * The connection string that these settings lead to now, in a process with these environment
   * variables.
   *
   * @throws MissingConnectionException when there is none; its message never holds the string
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

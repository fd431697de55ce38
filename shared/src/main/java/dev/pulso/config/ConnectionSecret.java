package dev.pulso.config;

import java.util.Map;
import java.util.Optional;

/**
 * Reads connection strings: from the settings, or from AWS Secrets Manager. Messages of exceptions
 * never contain them.
 */
public final class ConnectionSecret {
  private ConnectionSecret() {}

  /**
   * Returns the current connection string of MongoDB.
   *
   * @throws MissingConnectionException when there is none
   */
  public static String read(Settings settings, Map<String, String> environment) {
    return settings
        .mongoUri()
        .orElseGet(
            () ->
                fetch("MONGODB_URI nor MONGODB_SECRET_ID", settings.mongoSecretId(), environment));
  }

  /**
   * Returns the current URL of Redis.
   *
   * @throws MissingConnectionException when there is none, or it is invalid
   */
  public static RedisUrl readRedis(Settings settings, Map<String, String> environment) {
    return settings
        .redisUrl()
        .orElseGet(
            () ->
                redisUrl(
                    fetch("REDIS_URL nor REDIS_SECRET_ID", settings.redisSecretId(), environment)));
  }

  private static RedisUrl redisUrl(String text) {
    try {
      return RedisUrl.parse(text);
    } catch (IllegalArgumentException e) {
      throw new MissingConnectionException("The secret of Redis " + e.getMessage() + ".");
    }
  }

  private static String fetch(
      String names, Optional<String> secretId, Map<String, String> environment) {
    return SecretText.connectionString(SecretsExtension.read(names, secretId, environment));
  }
}

package dev.pulso.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The AWS Parameters and Secrets Lambda Extension, which answers on loopback, so functions need no
 * AWS SDK. Pulso calls it when a function first needs the database, and after a refused password.
 * The template disables its cache, which would hide a changed secret.
 */
final class SecretsExtension {
  private static final int TIMEOUT_MS = 3_000;

  /** A secret has at most 64 KB; JSON escapes and the envelope add to that. */
  private static final int LONGEST = 512 * 1024;

  private final String base;
  private final String token;

  private SecretsExtension(Map<String, String> environment) {
    String port = environment.getOrDefault("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773");
    base = "http://localhost:" + port + "/secretsmanager/get?secretId=";
    // SnapStart provides no session token. AWS documents that the extension does not work with it.
    token =
        environment.getOrDefault(
            "AWS_SESSION_TOKEN", environment.getOrDefault("AWS_CONTAINER_AUTHORIZATION_TOKEN", ""));
  }

  /**
   * Returns the text of a secret.
   *
   * @param names the settings that could name it, such as "REDIS_URL nor REDIS_SECRET_ID"
   * @throws MissingConnectionException when there is no id, or the extension is unreachable, too
   *     slow, refuses, or gives an invalid answer
   */
  static String read(String names, Optional<String> id, Map<String, String> environment) {
    return new SecretsExtension(environment)
        .secret(
            id.orElseThrow(() -> new MissingConnectionException("Neither " + names + " is set.")));
  }

  private String secret(String id) {
    URI address = URI.create(base + URLEncoder.encode(id, StandardCharsets.UTF_8));
    try {
      // No proxy and no redirect: either would receive the token.
      HttpURLConnection connection =
          (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
      connection.setInstanceFollowRedirects(false);
      connection.setConnectTimeout(TIMEOUT_MS);
      connection.setReadTimeout(TIMEOUT_MS);
      connection.setRequestProperty("X-Aws-Parameters-Secrets-Token", token);
      int status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw new MissingConnectionException(
            "The secrets extension answered with status " + status + ".");
      }
      try (InputStream body = connection.getInputStream()) {
        return secretString(new String(body.readNBytes(LONGEST), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new MissingConnectionException("The secrets extension cannot be reached.", e);
    }
  }

  private static String secretString(String answer) {
    return TopLevelStrings.of(answer, "The answer of the secrets extension")
        .required("SecretString");
  }
}

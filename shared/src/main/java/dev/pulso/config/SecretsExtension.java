package dev.pulso.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The Parameters and Secrets Lambda extension, which answers on loopback, so that no function
 * carries an AWS SDK. It is asked when a function needs the database first, and when a password was
 * refused; the template switches its cache off, which would only keep back what has changed.
 */
final class SecretsExtension {
  private static final int TIMEOUT_MS = 3_000;

  /** A secret has at most 64 KB; escaped as JSON, and with what stands around it, some more. */
  private static final int LONGEST = 512 * 1024;

  private final String base;
  private final String token;

  SecretsExtension(Map<String, String> environment) {
    String port = environment.getOrDefault("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773");
    base = "http://localhost:" + port + "/secretsmanager/get?secretId=";
    // With SnapStart there is no session token, and the extension takes the other one.
    token =
        environment.getOrDefault(
            "AWS_SESSION_TOKEN", environment.getOrDefault("AWS_CONTAINER_AUTHORIZATION_TOKEN", ""));
  }

  /**
   * The text of a secret.
   *
   * @throws MissingConnectionException when the extension is away, too slow, refuses, or answers
   *     what can't be understood
   */
  String secret(String id) {
    URI address = URI.create(base + URLEncoder.encode(id, StandardCharsets.UTF_8));
    try {
      // A proxy would get the token, and so would whoever a redirection names.
      HttpURLConnection connection =
          (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
      connection.setInstanceFollowRedirects(false);
      connection.setConnectTimeout(TIMEOUT_MS);
      connection.setReadTimeout(TIMEOUT_MS);
      connection.setRequestProperty("X-Aws-Parameters-Secrets-Token", token);
      int status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw new MissingConnectionException("The secrets extension answered " + status + ".");
      }
      try (InputStream body = connection.getInputStream()) {
        return secretString(new String(body.readNBytes(LONGEST), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new MissingConnectionException("The secrets extension can't be reached.", e);
    }
  }

  private static String secretString(String answer) {
    return TopLevelStrings.of(answer, "The secrets extension's answer").required("SecretString");
  }
}

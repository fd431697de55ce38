package dev.pulso.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The connection string: as given, or from AWS Secrets Manager through the Parameters and Secrets
 * Lambda extension, which answers on loopback and caches, so that no function carries an AWS SDK.
 */
public final class ConnectionSecret {
  private static final int TIMEOUT_MS = 3_000;

  private ConnectionSecret() {}

  /**
   * The connection string that these settings lead to.
   *
   * @throws MissingConnectionException when there is none; its message never holds the string
   */
  public static String read(Settings settings) {
    return settings.mongoUri().orElseGet(() -> fetch(settings, System.getenv()));
  }

  static String fetch(Settings settings, Map<String, String> environment) {
    String secretId =
        settings
            .mongoSecretId()
            .orElseThrow(
                () ->
                    new MissingConnectionException(
                        "Neither MONGODB_URI nor MONGODB_SECRET_ID is set.", null));
    String port = environment.getOrDefault("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773");
    URI address =
        URI.create(
            "http://localhost:"
                + port
                + "/secretsmanager/get?secretId="
                + URLEncoder.encode(secretId, StandardCharsets.UTF_8));
    try {
      HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MS);
      connection.setReadTimeout(TIMEOUT_MS);
      connection.setRequestProperty(
          "X-Aws-Parameters-Secrets-Token", environment.getOrDefault("AWS_SESSION_TOKEN", ""));
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        throw new MissingConnectionException(
            "The secrets extension answered " + connection.getResponseCode() + ".", null);
      }
      try (InputStream body = connection.getInputStream()) {
        return connectionString(secretString(body));
      }
    } catch (IOException e) {
      throw new MissingConnectionException("The secrets extension can't be reached.", e);
    }
  }

  private static String secretString(InputStream body) throws IOException {
    return stringField(new JsonFactory().createParser(body), "SecretString");
  }

  /** A secret is the bare string, or a JSON object with it as {@code uri}. */
  private static String connectionString(String secret) throws IOException {
    String text = secret.strip();
    return text.startsWith("{") ? stringField(new JsonFactory().createParser(text), "uri") : text;
  }

  private static String stringField(JsonParser json, String name) throws IOException {
    try (json) {
      while (json.nextToken() != null) {
        boolean top =
            json.getParsingContext().getParent() != null
                && json.getParsingContext().getParent().inRoot();
        if (json.currentToken() == JsonToken.VALUE_STRING
            && top
            && name.equals(json.currentName())) {
          return json.getText();
        }
      }
    }
    throw new MissingConnectionException("The secret has no field \"" + name + "\".", null);
  }
}

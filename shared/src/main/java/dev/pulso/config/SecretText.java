package dev.pulso.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads a secret: the bare connection string, or a JSON object that contains it as {@code uri}. If
 * the object also has {@code username} and {@code password}, these are the user's: functions that
 * rotate secrets change only the password.
 */
final class SecretText {
  private static final String SCHEME_END = "://";

  private SecretText() {}

  /**
   * Returns the connection string.
   *
   * @throws MissingConnectionException when there is none
   */
  static String connectionString(String secret) {
    String text = secret.strip();
    if (!text.startsWith("{")) {
      return text;
    }
    TopLevelStrings fields = TopLevelStrings.of(text, "The secret");
    String uri = fields.required("uri").strip();
    Optional<String> user = fields.find("username");
    return user.isEmpty() ? uri : withUser(uri, user.get(), fields.required("password"));
  }

  private static String withUser(String uri, String user, String password) {
    int scheme = uri.indexOf(SCHEME_END);
    if (scheme < 0 || uri.indexOf('@') >= 0) {
      throw new MissingConnectionException(
          "\"uri\" of the secret must be a connection string without a user.");
    }
    int host = scheme + SCHEME_END.length();
    return uri.substring(0, host)
        + encoded(user)
        + ":"
        + encoded(password)
        + "@"
        + uri.substring(host);
  }

  /** Percent-encodes, with %20 instead of plus: connection strings take a plus literally. */
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}

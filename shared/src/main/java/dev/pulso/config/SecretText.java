package dev.pulso.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a secret may look like: the bare connection string, or a JSON object with it as {@code uri}.
 * Where {@code username} and {@code password} stand beside it, they are the user's, which is how
 * functions that rotate secrets want it: they change the password alone.
 */
final class SecretText {
  private static final String SCHEME_END = "://";

  private SecretText() {}

  /**
   * The connection string in it.
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
          "The secret's \"uri\" has to be a connection string without a user of its own.");
    }
    int host = scheme + SCHEME_END.length();
    return uri.substring(0, host)
        + encoded(user)
        + ":"
        + encoded(password)
        + "@"
        + uri.substring(host);
  }

  /** As in a form, but for the plus, which a connection string takes for itself. */
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}

package dev.pulso.functions.push;

import java.util.Map;
import java.util.Optional;

/**
 * The credentials of a function's role, which Lambda sets in its environment.
 *
 * @param sessionToken of temporary credentials
 */
record Credentials(String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {
  static Credentials from(Map<String, String> environment) {
    return new Credentials(
        environment.getOrDefault("AWS_ACCESS_KEY_ID", ""),
        environment.getOrDefault("AWS_SECRET_ACCESS_KEY", ""),
        Optional.ofNullable(environment.get("AWS_SESSION_TOKEN")));
  }

  /**
   * @throws IllegalStateException if there is none; what is signed without one is only refused
   */
  @Override
  public String accessKeyId() {
    if (accessKeyId.isEmpty()) {
      throw new IllegalStateException("AWS_ACCESS_KEY_ID is not set: the role has no keys.");
    }
    return accessKeyId;
  }

  /** Leaves the secrets out. */
  @Override
  public String toString() {
    return "Credentials[" + accessKeyId + "]";
  }
}

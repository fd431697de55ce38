package dev.pulso.openapi;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * An operation of openapi.yaml.
 *
 * @param id its operationId
 * @param method in upper case
 * @param path with {@code {names}} for its variable segments
 * @param answers JSON pointers to its answers, by status
 */
public record Operation(String id, String method, String path, Map<Integer, String> answers) {

  /** Returns whether this is its address: its path, with or without values. */
  boolean isAt(String address) {
    return address.equals(path) || pattern().matcher(address).matches();
  }

  private Pattern pattern() {
    String[] fixed = path.split("\\{[^}]*}", -1);
    StringBuilder pattern = new StringBuilder(Pattern.quote(fixed[0]));
    for (int i = 1; i < fixed.length; i++) {
      pattern.append("[^/]+").append(Pattern.quote(fixed[i]));
    }
    return Pattern.compile(pattern.toString());
  }
}

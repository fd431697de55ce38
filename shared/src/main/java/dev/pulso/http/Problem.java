package dev.pulso.http;

import java.util.Map;

/**
 * What an error answer says (RFC 9457), and the headers that go with it.
 *
 * @param status HTTP status
 * @param code stable name of the problem, upper snake case
 * @param title what kind of problem it is
 * @param detail what it is this time, for people; nothing of the inside
 * @param headers headers of the answer
 */
public record Problem(
    int status, String code, String title, String detail, Map<String, String> headers) {

  /** A problem without headers of its own. */
  public static Problem of(int status, String code, String title, String detail) {
    return new Problem(status, code, title, detail, Map.of());
  }

  /** A URI that names the kind of problem. */
  public String type() {
    return "urn:pulso:problem:" + code.toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}

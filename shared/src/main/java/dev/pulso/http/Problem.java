package dev.pulso.http;

import java.util.Map;

/**
 * A problem document (RFC 9457), and the headers of its response.
 *
 * @param status HTTP status
 * @param code stable name of the problem, upper snake case
 * @param title the kind of problem
 * @param detail this occurrence, for people; nothing internal
 * @param headers headers of the response
 * @param numbers extension members of the document
 */
public record Problem(
    int status,
    String code,
    String title,
    String detail,
    Map<String, String> headers,
    Map<String, Long> numbers) {

  public Problem(
      int status, String code, String title, String detail, Map<String, String> headers) {
    this(status, code, title, detail, headers, Map.of());
  }

  public static Problem of(int status, String code, String title, String detail) {
    return new Problem(status, code, title, detail, Map.of());
  }

  /** Returns the same problem with a number as an extension member. */
  public Problem with(String name, long number) {
    return new Problem(status, code, title, detail, headers, Map.of(name, number));
  }

  /** Returns a URI that identifies the kind of problem. */
  public String type() {
    return "urn:pulso:problem:" + code.toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}

package dev.pulso.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Entity tags of responses (RFC 9110, 8.8.3), as the header contains them, quotes included. A
 * client that has a response already gets 304 instead.
 */
public final class EntityTag {
  private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[^\"]*\")");

  private EntityTag() {}

  /** Returns a strong tag: equal tags mean identical bytes. */
  public static String ofAll(String text) {
    return '"' + hash(text) + '"';
  }

  /**
   * Returns a weak tag: equal tags mean equal figures, though other parts of the text may differ.
   */
  public static String ofWhatMatters(String text) {
    return "W/\"" + hash(text) + '"';
  }

  /**
   * Returns whether an If-None-Match header contains a tag: alone, in a list, or as {@code *}. Weak
   * prefixes are ignored (RFC 9110, 13.1.2).
   */
  public static boolean isNamed(String tag, String ifNoneMatch) {
    if (ifNoneMatch.strip().equals("*")) {
      return true;
    }
    String opaque = tag.substring(tag.indexOf('"'));
    Matcher tags = TAG.matcher(ifNoneMatch);
    while (tags.find()) {
      if (tags.group(1).equals(opaque)) {
        return true;
      }
    }
    return false;
  }

  private static String hash(String text) {
    return Long.toHexString(Hash.of(text));
  }
}

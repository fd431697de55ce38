package dev.pulso.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a state of an answer (RFC 9110, 8.8.3), so that a client that has it already is told so
 * instead of being sent it again. A tag is kept as the header writes it, quotes included.
 */
public final class EntityTag {
  private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[^\"]*\")");
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private EntityTag() {}

  /** A strong tag: whoever has it has the same text, byte by byte. */
  static String ofAll(String text) {
    return '"' + hash(text) + '"';
  }

  /** A weak tag: whoever has it has the same figures, in a text that may say more. */
  public static String ofWhatMatters(String text) {
    return "W/\"" + hash(text) + '"';
  }

  /**
   * Whether an If-None-Match header names the state of a tag: by itself, in a list, or as {@code
   * *}. Weak prefixes don't count, as RFC 9110, 13.1.2 has it for reading.
   */
  static boolean isNamed(String tag, String ifNoneMatch) {
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

  /** FNV-1a, stirred: nothing depends on it being hard to invert, and a digest is slow to load. */
  private static String hash(String text) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    hash = (hash ^ (hash >>> 32)) * 0x9E3779B97F4A7C15L;
    return Long.toHexString(hash ^ (hash >>> 29));
  }
}

package dev.pulso.text;

/** White space by Unicode (property White_Space), including no-break spaces. */
public final class WhiteSpace {
  private static final int NEXT_LINE = 0x85;

  private WhiteSpace() {}

  /** Returns the text without surrounding white space. */
  public static String trimmed(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isWhiteSpace(text.charAt(start))) {
      start++;
    }
    while (start < end && isWhiteSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /** Returns whether a text contains only white space. */
  public static boolean isAllOf(String text) {
    return trimmed(text).isEmpty();
  }

  /** All white space is in the Basic Multilingual Plane: one char each. */
  private static boolean isWhiteSpace(char c) {
    return Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == NEXT_LINE;
  }
}

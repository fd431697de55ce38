package dev.pulso.text;

/** White space as Unicode has it (property White_Space): no-break spaces too. */
public final class WhiteSpace {
  private static final int NEXT_LINE = 0x85;

  private WhiteSpace() {}

  /** The text without the white space around it. */
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

  /** Whether a text holds nothing else. */
  public static boolean isAllOf(String text) {
    return trimmed(text).isEmpty();
  }

  /** All of it is in the Basic Multilingual Plane: one char each. */
  private static boolean isWhiteSpace(char c) {
    return Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == NEXT_LINE;
  }
}

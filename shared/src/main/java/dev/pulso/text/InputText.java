package dev.pulso.text;

/** The rules for texts that callers send. White space is Unicode's, with no-break spaces. */
public final class InputText {
  /** The most characters of an id. */
  public static final int LONGEST_ID = 200;

  /** What {@link #isId} demands, for error messages. */
  public static final String ID_RULE =
      "must have 1 to " + LONGEST_ID + " characters and no control characters.";

  private static final int NEXT_LINE = 0x85;

  private InputText() {}

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
  public static boolean isBlank(String text) {
    return trimmed(text).isEmpty();
  }

  /** Returns whether a text can be an id: not blank, not too long, no control characters. */
  public static boolean isId(String text) {
    return !isBlank(text) && isWithin(LONGEST_ID, text) && !hasControls(text);
  }

  /** Returns whether a text has at most so many characters (code points). */
  public static boolean isWithin(int most, String text) {
    return text.codePointCount(0, text.length()) <= most;
  }

  /**
   * Returns whether a text has control characters or unpaired surrogates. The driver would send the
   * latter as question marks.
   */
  public static boolean hasControls(String text) {
    return text.codePoints()
        .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
  }

  /** All white space is in the Basic Multilingual Plane: one char each. */
  private static boolean isWhiteSpace(char c) {
    return Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == NEXT_LINE;
  }
}

package dev.pulso.list;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes patterns that match a text with and without accents, in composed and decomposed form
 * (Unicode Standard Annex 15). Case is left to the pattern's option.
 */
final class AccentFolding {
  private static final String OPERATORS = "\\^$.|?*+()[]{}";

  /** The combining accents of Latin, Greek and Cyrillic letters. */
  private static final char FIRST_ACCENT = '\u0300';

  private static final char LAST_ACCENT = '\u036f';
  private static final String ANY_ACCENTS = "[" + FIRST_ACCENT + "-" + LAST_ACCENT + "]*";

  /** The composed letters of these scripts are between these. */
  private static final char FIRST_COMPOSED = '\u00c0';

  private static final char LAST_COMPOSED = '\u1fff';

  /** By lower-case letter: its composed forms with accents. */
  private static final Map<Integer, String> ACCENTED = accented();

  private AccentFolding() {}

  /** Returns a regular expression, as the server understands it. */
  static String pattern(String text) {
    StringBuilder pattern = new StringBuilder();
    Normalizer.normalize(text, Form.NFC)
        .codePoints()
        .filter(each -> !isAccent(each))
        .forEach(each -> append(pattern, each));
    return pattern.toString();
  }

  private static void append(StringBuilder pattern, int character) {
    String parts = decomposed(character);
    int base = isAccented(parts) ? parts.codePointAt(0) : character;
    String forms = ACCENTED.getOrDefault(Character.toLowerCase(base), "");
    if (!forms.isEmpty()) {
      pattern.append('[').appendCodePoint(base).append(forms).append(']').append(ANY_ACCENTS);
    } else if (base == character && parts.length() > Character.charCount(character)) {
      pattern.append("(?:").appendCodePoint(base).append('|').append(parts).append(')');
    } else {
      if (OPERATORS.indexOf(base) >= 0) {
        pattern.append('\\');
      }
      pattern.appendCodePoint(base).append(Character.isLetter(base) ? ANY_ACCENTS : "");
    }
  }

  private static Map<Integer, String> accented() {
    Map<Integer, String> forms = new HashMap<>();
    for (char each = FIRST_COMPOSED; each <= LAST_COMPOSED; each++) {
      String parts = decomposed(each);
      if (isAccented(parts)) {
        int small = Character.toLowerCase(each);
        // Upper case needs no entry of its own, unless lower case has another base.
        String form = Character.toString(isAccented(decomposed(small)) ? small : each);
        forms.merge(
            Character.toLowerCase(parts.codePointAt(0)),
            form,
            (all, one) -> all.contains(one) ? all : all + one);
      }
    }
    return forms;
  }

  private static String decomposed(int character) {
    return Normalizer.normalize(Character.toString(character), Form.NFD);
  }

  private static boolean isAccented(String parts) {
    int base = Character.charCount(parts.codePointAt(0));
    return parts.length() > base && parts.substring(base).chars().allMatch(AccentFolding::isAccent);
  }

  private static boolean isAccent(int character) {
    return character >= FIRST_ACCENT && character <= LAST_ACCENT;
  }
}

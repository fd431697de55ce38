package dev.pulso.list;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Makes patterns that find a text in any case, with and without accents, in composed and decomposed
 * form (Unicode Standard Annex 15).
 */
final class AccentFolding {
  /** The dot matches line ends too. */
  private static final String BEGIN = "(?s)\\A";

  private static final String OPERATORS = "\\^$.|?*+()[]{}-";

  /** The combining accents of Latin, Greek and Cyrillic letters. */
  private static final char FIRST_ACCENT = '\u0300';

  private static final char LAST_ACCENT = '\u036f';
  private static final String ANY_ACCENTS = "[" + FIRST_ACCENT + "-" + LAST_ACCENT + "]*";

  /** The composed letters of these scripts, and third forms of letters, are between these. */
  private static final char FIRST_FORM = '\u00b5';

  private static final char LAST_FORM = '\u212b';

  /** A set of characters below is a bitmap for the server; others take it longer. */
  private static final int LATIN_1 = 0x100;

  /** Letters of names in Spanish, Portuguese and English, the rarest last. */
  private static final String FREQUENT = "eaosrnidltucmpgbvhfyqjzxkw";

  /** By letter without case: its composed forms with accents, and its third form, such as ς. */
  private static final Map<Integer, TreeSet<Integer>> OTHER_FORMS = otherForms();

  private AccentFolding() {}

  /**
   * Returns a regular expression, as the server understands it. It looks for the rarest letter of
   * the text first: most texts that do not match lack it.
   */
  static String pattern(String text) {
    int[] characters = folded(text);
    int rarest = characters[0];
    StringBuilder found = new StringBuilder();
    for (int character : characters) {
      append(found, character);
      rarest = rarity(character) > rarity(rarest) ? character : rarest;
    }
    String whole = first(characters[0], found);
    if (rarest == characters[0]) {
      return BEGIN + whole;
    }
    StringBuilder letter = new StringBuilder();
    append(letter, rarest);
    return BEGIN + "(?=" + first(rarest, letter) + ")" + whole;
  }

  /**
   * Returns a pattern of everything up to and with the first match of another one. It skips
   * characters that cannot begin a match in one go: the server has no other way to do that with a
   * set of characters.
   */
  private static String first(int beginning, CharSequence found) {
    TreeSet<Integer> others = new TreeSet<>();
    for (int character = 0; character < LATIN_1; character++) {
      others.add(character);
    }
    others.removeAll(forms(beginning));
    String skipped = set(others) + "*+";
    return skipped + "(?:(?!" + found + ")." + skipped + ")*+" + found;
  }

  /** Every batch_id has digits and separators; a letter of another script is rarer than these. */
  private static int rarity(int character) {
    int base = withoutCase(decomposed(character).codePointAt(0));
    int place = FREQUENT.indexOf(base);
    return place >= 0 ? place : Character.isLetter(base) ? FREQUENT.length() : -1;
  }

  /** Returns whether a text has accents only, which no pattern can find. */
  static boolean isAccentsOnly(String text) {
    return folded(text).length == 0;
  }

  private static int[] folded(String text) {
    return Normalizer.normalize(text, Form.NFC).codePoints().filter(c -> !isAccent(c)).toArray();
  }

  private static void append(StringBuilder pattern, int character) {
    TreeSet<Integer> forms = forms(character);
    String parts = decomposed(character);
    boolean isWhole = parts.equals(Character.toString(character));
    if (forms.size() > 1 || Character.isLetter(character) && isWhole) {
      pattern.append(set(forms)).append(ANY_ACCENTS);
    } else if (!isWhole) {
      pattern.append("(?:").appendCodePoint(character).append('|').append(parts).append(')');
    } else {
      pattern.append(literal(character));
    }
  }

  /** Returns the characters that stand for the same letter, or this one alone. */
  private static TreeSet<Integer> forms(int character) {
    int base = withoutAccents(character);
    int letter = withoutCase(base);
    TreeSet<Integer> forms = new TreeSet<>(OTHER_FORMS.getOrDefault(letter, new TreeSet<>()));
    forms.addAll(List.of(base, letter, Character.toUpperCase(letter)));
    return forms;
  }

  private static Map<Integer, TreeSet<Integer>> otherForms() {
    Map<Integer, TreeSet<Integer>> forms = new HashMap<>();
    for (int each = FIRST_FORM; each <= LAST_FORM; each++) {
      int letter = withoutCase(withoutAccents(each));
      if (each != letter && each != Character.toUpperCase(letter) && !isAccent(each)) {
        forms.computeIfAbsent(letter, any -> new TreeSet<>()).add(each);
      }
    }
    return forms;
  }

  private static int withoutAccents(int character) {
    String parts = decomposed(character);
    return isAccented(parts) ? parts.codePointAt(0) : character;
  }

  /** Returns the same for all forms of a letter: some, such as σ and ς, have one upper case. */
  private static int withoutCase(int character) {
    return Character.toLowerCase(Character.toUpperCase(character));
  }

  /** Returns a set of characters as a pattern has it, with ranges. */
  private static String set(TreeSet<Integer> characters) {
    StringBuilder set = new StringBuilder("[");
    for (int each : characters) {
      if (!characters.contains(each - 1)) {
        set.append(literal(each));
      } else if (!characters.contains(each + 1)) {
        set.append('-').append(literal(each));
      }
    }
    return set.append(']').toString();
  }

  private static String literal(int character) {
    return character < ' '
        ? "\\x%02x".formatted(character)
        : (OPERATORS.indexOf(character) < 0 ? "" : "\\") + Character.toString(character);
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

package dev.pulso.text;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order in which people look for names: case and accents do not separate, numbers count as
 * numbers, and ñ has its own place after n.
 */
public final class NameOrder {
  private static final Pattern DIGITS = Pattern.compile("0*([0-9]+)");
  private static final Pattern MARKS = Pattern.compile("\\p{Mn}+");

  /** Sorts behind every letter. */
  private static final String AFTER_N = "n\uffff";

  private NameOrder() {}

  /** Returns a key: keys sort, char by char, like their names. */
  public static String key(String name) {
    String letters =
        Normalizer.normalize(name, Normalizer.Form.NFD)
            .toLowerCase(Locale.ROOT)
            .replace("n\u0303", AFTER_N);
    return DIGITS
        .matcher(MARKS.matcher(letters).replaceAll(""))
        .replaceAll(run -> Matcher.quoteReplacement(digits(run.group(1))));
  }

  /** Longer numbers sort behind shorter ones. */
  private static String digits(String number) {
    return "0" + (char) number.length() + number;
  }
}

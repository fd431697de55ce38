package dev.pulso.list;

import dev.pulso.access.Accounts;
import dev.pulso.text.Hash;
import dev.pulso.text.InputText;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A question for one page of a list.
 *
 * @param limit most rows of the page
 * @param skip rows to leave out first, for clients that know no cursors
 * @param cursor from the page before, encoded; empty: the first page
 */
public record ListQuery(
    BatchSelection selection, BatchOrder order, int limit, int skip, Optional<String> cursor) {
  /** Invalidates the cursors of earlier releases if their content changes. */
  private static final String VERSION = "1";

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");
  private static final int MOST_ROWS = 200;
  private static final int USUAL_ROWS = 100;
  private static final int MOST_SKIPPED = 10_000;

  /**
   * Parses the parameters of a list. Blank ones count as missing.
   *
   * @param accounts those whose batches the caller may see and asks for
   * @param parameters returns the value of a parameter
   * @throws InvalidParameterException when a value is invalid
   */
  public static ListQuery parse(Accounts accounts, Function<String, Optional<String>> parameters) {
    Function<String, Optional<String>> given =
        name -> parameters.apply(name).filter(value -> !InputText.isBlank(value));
    return new ListQuery(
        new BatchSelection(
            accounts,
            BatchSelection.states(given.apply("status")),
            given.apply("is_active").map(ListQuery::flag),
            SearchText.parse(given.apply("q"))),
        BatchOrder.parse(given.apply("sort")),
        number("limit", given, 1, MOST_ROWS).orElse(USUAL_ROWS),
        number("skip", given, 0, MOST_SKIPPED).orElse(0),
        given.apply("cursor"));
  }

  private static boolean flag(String value) {
    if (!value.equals("true") && !value.equals("false")) {
      throw new InvalidParameterException("is_active", "must be true or false.");
    }
    return value.equals("true");
  }

  private static Optional<Integer> number(
      String name, Function<String, Optional<String>> given, int least, int most) {
    Optional<String> value = given.apply(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    return value
        .filter(text -> DIGITS.matcher(text).matches())
        .map(Integer::valueOf)
        .filter(number -> number >= least && number <= most)
        .or(
            () -> {
              throw new InvalidParameterException(
                  name, "must be a whole number from " + least + " to " + most + ".");
            });
  }

  /** Returns what tells this query from others, but for the size and place of the page. */
  long fingerprint() {
    List<String> parts =
        List.of(
            VERSION,
            order.name(),
            selection.accounts().only().map(ids -> new TreeSet<>(ids).toString()).orElse(""),
            new TreeSet<>(selection.states()).toString(),
            selection.isActive().toString(),
            selection.text().map(SearchText::text).orElse(""));
    return Hash.of(String.join("\n", parts));
  }
}

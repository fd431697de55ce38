package dev.pulso.list;

import com.mongodb.client.model.Filters;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.text.InputText;
import java.util.List;
import java.util.Optional;
import org.bson.conversions.Bson;

/** Text to find in names, descriptions and batch_ids. Case and accents do not matter. */
public record SearchText(String text) {
  /** As a pattern, a character can take 160 bytes; the server limits patterns to about 32 KB. */
  private static final int LONGEST = 100;

  private static final List<String> SEARCHED =
      List.of(BatchFields.NAME, BatchFields.DESCRIPTION, BatchFields.BATCH_ID);

  /**
   * Parses the parameter {@code q}. Surrounding white space is removed; nothing else: empty.
   *
   * @throws InvalidParameterException when it is too long, or has control characters, or accents
   *     alone: these would find everything
   */
  public static Optional<SearchText> parse(Optional<String> q) {
    Optional<String> text = q.map(InputText::trimmed).filter(trimmed -> !trimmed.isEmpty());
    if (text.filter(any -> !isPossible(any)).isPresent()) {
      throw new InvalidParameterException(
          "q",
          "must have at most "
              + LONGEST
              + " characters, no control characters, and more than accents.");
    }
    return text.map(SearchText::new);
  }

  private static boolean isPossible(String text) {
    return InputText.isWithin(LONGEST, text)
        && !AccentFolding.isAccentsOnly(text)
        && !InputText.hasControls(text);
  }

  /** Returns a filter of batches. It matches text only, not the elements of arrays. */
  Bson filter() {
    String pattern = AccentFolding.pattern(text);
    return Filters.or(
        SEARCHED.stream()
            .map(field -> Filters.and(Filters.regex(field, pattern), Batches.isNoArray(field)))
            .toList());
  }
}

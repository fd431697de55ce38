package dev.pulso.list;

import com.mongodb.client.model.Filters;
import dev.pulso.access.Accounts;
import dev.pulso.batch.BatchState;
import dev.pulso.batch.Batches;
import dev.pulso.text.InputText;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.bson.conversions.Bson;

/**
 * Some of the batches that a caller may see.
 *
 * @param accounts those whose batches the caller may see, or some of them
 * @param states the batches in one of these states; empty: in any
 * @param isActive the batches that workers may claim from, or the others; empty: all
 * @param text the batches that contain this text; empty: all
 */
public record BatchSelection(
    Accounts accounts,
    Set<BatchState> states,
    Optional<Boolean> isActive,
    Optional<SearchText> text) {
  /** What older clients call an active batch. */
  private static final String RUNNING = "running";

  /**
   * Parses states, separated by commas, in any case. None given: any state.
   *
   * @throws InvalidParameterException when one is unknown
   */
  public static Set<BatchState> states(Optional<String> given) {
    Set<BatchState> states = EnumSet.noneOf(BatchState.class);
    if (given.filter(text -> !InputText.isBlank(text)).isPresent()) {
      for (String name : given.get().split(",", -1)) {
        states.add(state(InputText.trimmed(name).toLowerCase(Locale.ROOT)));
      }
    }
    return states;
  }

  private static BatchState state(String name) {
    for (BatchState state : BatchState.values()) {
      if (name.equals(state.text()) || (state == BatchState.ACTIVE && name.equals(RUNNING))) {
        return state;
      }
    }
    throw new InvalidParameterException(
        "status", "must list active, paused, completed or cancelled, separated by commas.");
  }

  /** Returns a filter of batches, with the caller's rights. */
  public Bson filter() {
    List<Bson> conditions = new ArrayList<>();
    if (!states.isEmpty()) {
      conditions.add(Filters.or(states.stream().map(BatchState::filter).toList()));
    }
    isActive.map(BatchState::isActive).ifPresent(conditions::add);
    text.map(SearchText::filter).ifPresent(conditions::add);
    Bson all = conditions.isEmpty() ? Filters.empty() : Filters.and(conditions);
    return Batches.narrowed(all, accounts);
  }
}

package dev.pulso.operations;

import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.ForbiddenException;
import dev.pulso.access.ForeignAccountException;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchState;
import dev.pulso.batch.Batches;
import dev.pulso.list.BatchSelection;
import dev.pulso.list.SearchText;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which batches an operation is about. */
public sealed interface BatchChoice {

  /** These batches, if the caller may see them. */
  record Named(List<BatchAddress> addresses) implements BatchChoice {}

  /**
   * The batches of an account.
   *
   * @param states those in one of these states; empty: in any
   * @param text those that contain it; empty: all
   */
  record OfAccount(String account, Set<BatchState> states, Optional<SearchText> text)
      implements BatchChoice {}

  /** All batches, for callers who may see every account. */
  record All() implements BatchChoice {}

  /** Returns the account in the request. */
  default Optional<String> accountId() {
    return this instanceof OfAccount one ? Optional.of(one.account) : Optional.empty();
  }

  /**
   * Returns the accounts whose batches can be selected.
   *
   * @throws ForeignAccountException when the account is not the caller's
   * @throws ForbiddenException when all are asked for by a caller who may not see all
   */
  default Accounts visible(Caller caller) {
    Accounts accounts = caller.accounts();
    return switch (this) {
      case Named named -> accounts;
      case OfAccount one -> accounts.narrowedTo(one.account);
      case All all -> {
        if (accounts.only().isPresent()) {
          throw new ForbiddenException();
        }
        yield accounts;
      }
    };
  }

  /** Returns at most so many of the batches. */
  default List<Batch> find(Batches batches, Accounts visible, int most) {
    return this instanceof Named named
        ? batches.findAll(visible, named.addresses)
        : batches.findAll(selection(visible).filter(), most);
  }

  /** Counts the batches, except for {@link Named} ones, of which there are never too many. */
  default long count(Batches batches, Accounts visible) {
    return batches.count(selection(visible).filter());
  }

  private BatchSelection selection(Accounts visible) {
    return this instanceof OfAccount one
        ? new BatchSelection(visible, one.states, Optional.empty(), one.text)
        : new BatchSelection(visible, Set.of(), Optional.empty(), Optional.empty());
  }
}

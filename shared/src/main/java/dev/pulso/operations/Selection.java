package dev.pulso.operations;

import dev.pulso.access.Accounts;
import dev.pulso.batch.Batch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The batches that a request selects at one moment.
 *
 * @param changing those that its action would change
 * @param unchanged how many others
 * @param accounts of all of them; null stands for batches without one
 */
record Selection(List<Batch> changing, int unchanged, List<String> accounts) {

  /**
   * Returns what an action would do to these batches.
   *
   * @param visible whose batches the caller may see; they decide who else sees an operation on none
   */
  static Selection of(BatchAction action, List<Batch> selected, Accounts visible) {
    List<Batch> changing = selected.stream().filter(action::changes).toList();
    Set<String> accounts = new LinkedHashSet<>();
    selected.forEach(batch -> accounts.add(batch.accountId().orElse(null)));
    if (selected.isEmpty()) {
      visible.only().ifPresent(accounts::addAll);
    }
    // No account at all would hide the operation from nobody.
    if (accounts.isEmpty()) {
      accounts.add(null);
    }
    return new Selection(changing, selected.size() - changing.size(), new ArrayList<>(accounts));
  }

  List<Object> ids() {
    return changing.stream().map(Batch::id).toList();
  }
}

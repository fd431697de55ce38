package dev.pulso.webhooks;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Projections.include;

import com.mongodb.MongoCommandException;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.ServerErrors;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;

/**
 * The places of an account's webhooks. Each webhook takes one, and a unique index gives a place to
 * one webhook alone, so an account never has too many, however many requests insert at once.
 *
 * @param most places of an account
 */
record Slots(Db db, int most) {
  /** The place of a webhook, from 0. Older webhooks have none. */
  static final String SLOT = "slot";

  /**
   * Inserts a webhook into a free place.
   *
   * @param before runs first, if a place is free
   * @param insert inserts it; fails with a duplicate key if the place is taken
   * @return what was inserted; empty if no place is free
   */
  <T> Optional<T> take(String account, Runnable before, IntFunction<T> insert) {
    Set<Integer> taken = new HashSet<>();
    List<Integer> free = free(account);
    if (!free.isEmpty()) {
      before.run();
    }
    while (!free.isEmpty()) {
      int slot = free.get(ThreadLocalRandom.current().nextInt(free.size()));
      try {
        return Optional.of(insert.apply(slot));
      } catch (MongoCommandException e) {
        if (!ServerErrors.isDuplicateKey(e)) {
          throw e;
        }
      }
      taken.add(slot);
      free = free(account);
      free.removeAll(taken);
    }
    return Optional.empty();
  }

  /** Returns free places. There is one less for each webhook without a place. */
  private List<Integer> free(String account) {
    List<Optional<BigDecimal>> used =
        db.webhooks()
            .find(eq(WebhookStore.ACCOUNT_ID, account))
            .projection(include(SLOT))
            .map(webhook -> Lenient.number(webhook.get(SLOT)))
            .into(new ArrayList<>());
    long without = used.stream().filter(Optional::isEmpty).count();
    List<Integer> free = new ArrayList<>();
    for (int slot = 0; slot < most - without && used.size() < most; slot++) {
      if (!used.contains(Optional.of(BigDecimal.valueOf(slot)))) {
        free.add(slot);
      }
    }
    return free;
  }
}

package dev.pulso.list;

import com.mongodb.client.model.Filters;
import dev.pulso.access.Accounts;
import dev.pulso.mongo.Db;
import dev.pulso.overview.AccountView;
import dev.pulso.text.NameOrder;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Lists accounts by name. There are few of them, so their order needs no index. */
public final class AccountList {
  /** Most accounts in a list. */
  public static final int MOST = 1_000;

  private static final Comparator<Place> BY_NAME =
      Comparator.comparing((Place place) -> place.account.name().isEmpty())
          .thenComparing(Place::key)
          .thenComparing(place -> place.account.accountId());

  private final Db db;

  public AccountList(Db db) {
    this.db = db;
  }

  private record Place(String key, AccountView account) {
    static Place of(AccountView account) {
      return new Place(NameOrder.key(account.name().orElse("")), account);
    }
  }

  /**
   * Returns the first {@link #MOST} accounts by name, those without a name last. If several
   * documents have the same id, the first that the database returns counts, as in an overview.
   *
   * @param visible accounts that the caller may read
   */
  public List<AccountView> accounts(Accounts visible) {
    Set<String> seen = new HashSet<>();
    TreeSet<Place> first = new TreeSet<>(BY_NAME);
    for (Document document : db.accounts().find(filter(visible)).projection(AccountView.FIELDS)) {
      AccountView.of(document)
          .filter(account -> seen.add(account.accountId()))
          .map(Place::of)
          .ifPresent(first::add);
      if (first.size() > MOST) {
        first.pollLast();
      }
    }
    return first.stream().map(Place::account).toList();
  }

  private static Bson filter(Accounts visible) {
    return visible.only().map(ids -> Filters.in("account_id", ids)).orElseGet(Filters::empty);
  }
}

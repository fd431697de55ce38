package dev.pulso.list;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.overview.AccountView;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class AccountListIT {
  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  private void accounts(String... json) {
    fixture.db().accounts().insertMany(List.of(json).stream().map(Document::parse).toList());
  }

  private List<AccountView> listed(Accounts visible) {
    return fixture.pulso().services().accounts().accounts(visible);
  }

  private List<String> ids(Accounts visible) {
    return listed(visible).stream().map(AccountView::accountId).toList();
  }

  @Test
  void accountsAreSortedByShownName() {
    accounts(
        "{account_id: 'z', name: 'andes'}",
        "{account_id: 'none-2'}",
        "{account_id: 'c', account_name: 'Órbita', name: 'Aaa'}",
        "{account_id: 'none-1', account_name: 5}",
        "{account_id: 'b', account_name: ['x'], name: 'Ñu'}",
        "{account_id: 'a', account_name: 'Orbita'}");
    assertThat(ids(Accounts.ALL)).containsExactly("z", "b", "a", "c", "none-1", "none-2");
  }

  @Test
  void onlyVisibleAccountsAreListed() {
    accounts(
        "{account_id: 'a', name: 'A'}",
        "{account_id: 'A', name: 'B'}",
        "{account_id: ['a', 'b'], name: 'C'}",
        "{account_id: 'b', name: 'D'}");
    assertThat(ids(Accounts.of(Set.of("a", "unknown")))).containsExactly("a");
    assertThat(ids(Accounts.of(Set.of("b", "A")))).containsExactly("A", "b");
    assertThat(ids(Accounts.of(Set.of()))).isEmpty();
  }

  @Test
  void documentsWithoutTextualIdAreLeftOut() {
    accounts(
        "{account_id: 7, name: 'Seven'}",
        "{account_id: null}",
        "{name: 'none'}",
        "{account_id: ['a'], name: 'List'}",
        "{account_id: 'a', name: {first: 'A'}, status: 3, plan_type: [], balance: 'much'}");
    Optional<String> none = Optional.empty();
    assertThat(listed(Accounts.ALL))
        .containsExactly(new AccountView("a", none, none, Optional.empty(), none));
  }

  @Test
  void repeatedAccountIsListedAsOverviewShowsIt() {
    accounts(
        "{_id: 2, account_id: 'a', name: 'Zeta', billing_type: 'credits', balance: 1}",
        "{_id: 1, account_id: 'a', name: 'Alfa', billing_type: 'minutes', balance: 2}",
        "{_id: 0, account_id: 'b', name: 'Beta'}");
    View view = View.of(Caller.ANONYMOUS, Optional.of("a"));
    AccountView shown =
        fixture
            .pulso()
            .services()
            .overview()
            .overview(view, Deadline.in(Duration.ofSeconds(20)))
            .account()
            .orElseThrow();
    assertThat(ids(Accounts.ALL)).containsExactly("b", "a");
    assertThat(listed(Accounts.ALL).get(1)).isEqualTo(shown);
    assertThat(listed(view.accounts())).containsExactly(shown);
  }

  @Test
  void firstThousandByNameAreListed() {
    fixture
        .db()
        .accounts()
        .insertMany(
            IntStream.rangeClosed(1, 1_200)
                .map(i -> 1_201 - i)
                .mapToObj(i -> new Document("account_id", "a" + i).append("name", "Cliente " + i))
                .toList());
    assertThat(ids(Accounts.ALL))
        .isEqualTo(IntStream.rangeClosed(1, 1_000).mapToObj(i -> "a" + i).toList());
  }
}

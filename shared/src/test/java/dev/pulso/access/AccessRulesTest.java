package dev.pulso.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rights that verified claims grant. */
class AccessRulesTest {
  private final AccessRules rules =
      new AccessRules(false, "account_ids", "pulso:read", "pulso:operate", "pulso:all-accounts");

  @Test
  void missingClaimsAreUnauthenticated() {
    assertThatThrownBy(() -> rules.caller(Map.of())).isInstanceOf(UnauthenticatedException.class);
  }

  @Test
  void allowAnonymousAdmitsCallersWithoutClaims() {
    AccessRules open = new AccessRules(true, "a", "r", "o", "all");
    assertThat(open.caller(Map.of())).isEqualTo(Caller.ANONYMOUS);
  }

  @Test
  void claimsCountDespiteAllowAnonymous() {
    AccessRules open =
        new AccessRules(true, "account_ids", "pulso:read", "pulso:operate", "pulso:all");
    Caller caller = open.caller(Map.of("sub", "u", "account_ids", "acc-1", "scope", "pulso:read"));
    assertThat(caller.accounts()).isEqualTo(Accounts.of(Set.of("acc-1")));
    assertThat(caller.mayOperate()).isFalse();
  }

  @Test
  void accountsMayBeArrayOrString() {
    Accounts two = Accounts.of(Set.of("acc-1", "acc-2"));
    for (String claim :
        new String[] {
          "[acc-1 acc-2]", "acc-1 acc-2", "acc-1,acc-2", "[\"acc-1\",\"acc-2\"]", "[ acc-1, acc-2 ]"
        }) {
      assertThat(caller("account_ids", claim).accounts()).as(claim).isEqualTo(two);
    }
    assertThat(caller("account_ids", "acc-1").accounts()).isEqualTo(Accounts.of(Set.of("acc-1")));
  }

  @Test
  void jsonAccountsMayContainAnything() {
    String claim = "[\"acc-pe\\u00f1a\", \"a \\\"b\\\", c\", \"\"]";
    assertThat(caller("account_ids", claim).accounts())
        .isEqualTo(Accounts.of(Set.of("acc-pe\u00f1a", "a \"b\", c")));
  }

  /** They are read as lists that people wrote. */
  @Test
  void almostJsonAccountsStillCount() {
    for (String claim : new String[] {"[\"acc-1\" 2]", "[\"acc-1\",2]", "[\"acc-1\",2,]"}) {
      assertThat(caller("account_ids", claim).accounts())
          .as(claim)
          .isEqualTo(Accounts.of(Set.of("acc-1", "2")));
    }
  }

  /** For issuers whose access tokens name groups alone, like Cognito's. */
  @Test
  void groupsMayListAccounts() {
    AccessRules byGroups =
        new AccessRules(false, "cognito:groups", "pulso:read", "pulso:operate", "pulso:all");
    Caller caller = byGroups.caller(Map.of("cognito:groups", "[acc-1 pulso:read acc-2]"));
    assertThat(caller.mayRead()).isTrue();
    assertThat(caller.mayOperate()).isFalse();
    assertThat(caller.accounts()).isEqualTo(Accounts.of(Set.of("acc-1", "acc-2")));
    Caller operator = byGroups.caller(Map.of("cognito:groups", "[pulso:operate acc-1]"));
    assertThat(operator.accounts()).isEqualTo(Accounts.of(Set.of("acc-1")));
  }

  @Test
  void callerWithoutAccountsSeesNothing() {
    for (Map<String, String> claims :
        List.of(Map.of("sub", "u"), Map.of("account_ids", ""), Map.of("account_ids", "[]"))) {
      Accounts accounts = rules.caller(claims).accounts();
      assertThat(accounts).isEqualTo(Accounts.of(Set.of()));
      assertThat(accounts.contains("acc-1")).isFalse();
      assertThat(accounts.contains("")).isFalse();
    }
  }

  @Test
  void scopesAndGroupsGrant() {
    for (String claim : new String[] {"scope", "scp", "groups", "cognito:groups"}) {
      Caller all = caller(claim, "[openid pulso:all-accounts pulso:read]");
      assertThat(all.accounts()).isEqualTo(Accounts.ALL);
      assertThat(all.mayRead()).isTrue();
      assertThat(all.mayOperate()).isFalse();
    }
    assertThat(caller("scope", "pulso:operate").mayOperate()).isTrue();
  }

  @Test
  void scopesMatchExactly() {
    Caller caller = caller("scope", "pulso:readers xpulso:operate pulso:all-accounts2");
    assertThat(caller.mayRead()).isFalse();
    assertThat(caller.mayOperate()).isFalse();
    assertThat(caller.accounts()).isNotEqualTo(Accounts.ALL);
    assertThatThrownBy(caller::readable).isInstanceOf(ForbiddenException.class);
  }

  @Test
  void groupNamesAreNotSplit() {
    for (String group :
        new String[] {"[team,pulso:operate]", "[\"team\",\"pulso:operate\"]", "pulso:operate,x"}) {
      assertThat(caller("cognito:groups", group).mayOperate()).as(group).isFalse();
    }
  }

  @Test
  void otherClaimsGrantNothing() {
    Caller caller = caller("roles", "pulso:operate pulso:all-accounts");
    assertThat(caller.mayOperate()).isFalse();
    assertThat(caller.accounts()).isNotEqualTo(Accounts.ALL);
  }

  private Caller caller(String claim, String value) {
    return rules.caller(Map.of("sub", "u", claim, value));
  }
}

package dev.pulso.local.server.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.access.AccessRules;
import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.local.server.auth.TokenIssuer;
import dev.pulso.local.server.http.UnauthorizedException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DemoUsersTest {
  /** Unusual names, since installations choose them. */
  private static final AccessRules RULES =
      new AccessRules(false, "cuentas", "ver", "operar", "todo");

  private static final TokenIssuer ISSUER = new TokenIssuer(Clock.systemUTC());
  private static final Map<String, String> TOKENS =
      new DemoUsers(ISSUER, RULES, Clock.systemUTC()).tokens();

  @Test
  void usersHaveTheRightsTheyNeed() throws UnauthorizedException {
    assertThat(caller("reader")).isEqualTo(member("reader", "acc-chile-001", false));
    assertThat(caller("operator")).isEqualTo(member("operator", "acc-chile-001", true));
    assertThat(caller("other")).isEqualTo(member("other", "acc-peru-001", true));
    assertThat(caller("all")).isEqualTo(new Caller(Optional.of("all"), Accounts.ALL, true, true));
  }

  @Test
  void othersAreNotLetIn() {
    assertThat(TOKENS).hasSize(7);
    assertRefused("expired", "the token has expired");
    assertRefused("wrong-issuer", "the token has another issuer");
    assertRefused("wrong-key", "the token is not signed with a key of the issuer");
  }

  private static void assertRefused(String name, String why) {
    assertThatThrownBy(() -> caller(name))
        .isInstanceOf(UnauthorizedException.class)
        .hasMessage(why);
  }

  private static Caller caller(String name) throws UnauthorizedException {
    String header = "Bearer " + TOKENS.get(name);
    return RULES.caller(ISSUER.authorizer().claims(Optional.of(header)).orElseThrow());
  }

  private static Caller member(String name, String account, boolean mayOperate) {
    return new Caller(Optional.of(name), Accounts.of(Set.of(account)), true, mayOperate);
  }
}

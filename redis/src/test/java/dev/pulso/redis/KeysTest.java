package dev.pulso.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Accounts;
import dev.pulso.config.Settings;
import dev.pulso.overview.View;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeysTest {
  private final Keys keys = keys(Map.of());

  @Test
  void onlyEqualViewsShareKey() {
    List<View> views =
        List.of(
            View.ALL,
            sees(),
            sees("a"),
            sees("a", "b"),
            sees("ab"),
            sees("a,b"),
            sees("a b"),
            sees("1:a1:b"),
            of("a"),
            of("ab"),
            new View(Optional.of("a"), Accounts.ALL),
            new View(Optional.of("a"), Accounts.of(Set.of("a", "b"))),
            new View(Optional.of(""), Accounts.ALL));
    assertThat(views.stream().map(keys::overview)).doesNotHaveDuplicates();
    assertThat(keys.overview(sees("b", "a"))).isEqualTo(keys.overview(sees("a", "b")));
  }

  @Test
  void subjectAndAddressAreUnambiguous() {
    assertThat(
            Stream.of(
                keys.polls("a", "bc"),
                keys.polls("ab", "c"),
                keys.polls("", "abc"),
                keys.polls("abc", ""),
                keys.polls("1:a", "b"),
                keys.polls("1:", "ab")))
        .doesNotHaveDuplicates();
  }

  @Test
  void deploymentsAreKeptApart() {
    assertThat(
            Stream.of(
                    keys,
                    keys(Map.of("MONGODB_DATABASE", "staging")),
                    keys(Map.of("BATCHES_COLLECTION", "lotes")),
                    keys(Map.of("MONGODB_URI", "mongodb://elsewhere")),
                    keys(Map.of("MONGODB_URI", "", "MONGODB_SECRET_ID", "pulso/mongodb")))
                .map(k -> k.overview(View.ALL)))
        .doesNotHaveDuplicates();
  }

  @Test
  void zonesHaveSeparateKeys() {
    Keys ofSantiago = keys(Map.of("DASHBOARD_TIMEZONE", "America/Santiago"));
    assertThat(ofSantiago.overview(View.ALL)).isNotEqualTo(keys.overview(View.ALL));
  }

  @Test
  void keysRevealNothing() {
    Keys secret = keys(Map.of("MONGODB_URI", "mongodb://pulso:hunter2@db.example.com/x"));
    assertThat(
            Stream.of(
                secret.polls("ana@example.com", "batch-20251015-abc12345"),
                secret.overview(of("acc-chile-001"))))
        .allSatisfy(key -> assertThat(key).matches("pulso:\\{[0-9a-f]{32}\\}:[a-z]+:[0-9a-f]{32}"));
    assertThat(secret.overview(View.ALL))
        .as("a password that is changed changes no key")
        .isEqualTo(
            keys(Map.of("MONGODB_URI", "mongodb://pulso:other@db.example.com/x"))
                .overview(View.ALL));
  }

  private static View of(String account) {
    return new View(Optional.of(account), Accounts.of(Set.of(account)));
  }

  private static View sees(String... accounts) {
    return new View(Optional.empty(), Accounts.of(Set.of(accounts)));
  }

  private static Keys keys(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(Map.of("MONGODB_URI", "mongodb://localhost"));
    all.putAll(environment);
    return new Keys(Settings.from(all));
  }
}

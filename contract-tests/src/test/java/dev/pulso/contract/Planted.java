package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** Planted secrets, which no output may contain. */
final class Planted {
  static final String PASSWORD = "pl4nted-passw0rd";
  static final String TOKEN = "pl4nted-t0ken";
  static final String COOKIE = "pl4nted-c00kie";
  static final String SUBJECT = "pl4nted-subject@example.com";
  static final String PHONE = "+56 9 pl4nted";
  static final String REASON = "pl4nted reason";
  static final String METHOD = "PL4NTED";
  static final String SOURCE_IP = "203.0.113.113";
  static final String HOST = "pl4nted-host.invalid";

  /** The common prefix of all planted secrets. */
  private static final String MARK = "pl4nted";

  private Planted() {}

  /** Checks that the text contains no planted secret, host or database user. */
  static void isNotIn(String text, String user, String hosts) {
    List<String> unwanted =
        new ArrayList<>(List.of(MARK, METHOD, SOURCE_IP, "mongodb://", "mongodb+srv://", user));
    unwanted.addAll(List.of(hosts, hosts.substring(hosts.indexOf(':')), "127.0.0.1", "localhost"));
    assertThat(text).doesNotContain(unwanted);
  }
}

package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** What is planted everywhere, to be found nowhere. */
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

  /** All of these begin alike, whatever is added to them. */
  private static final String MARK = "pl4nted";

  private Planted() {}

  /** Nothing that was planted is in the text, nor where the database is, or as whom. */
  static void isNotIn(String text, String user, String hosts) {
    List<String> unwanted =
        new ArrayList<>(List.of(MARK, METHOD, SOURCE_IP, "mongodb://", "mongodb+srv://", user));
    unwanted.addAll(List.of(hosts, hosts.substring(hosts.indexOf(':')), "127.0.0.1", "localhost"));
    assertThat(text).doesNotContain(unwanted);
  }
}

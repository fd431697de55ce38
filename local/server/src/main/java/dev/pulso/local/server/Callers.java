package dev.pulso.local.server;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.pulso.access.AccessRules;
import dev.pulso.local.server.auth.TokenFiles;
import dev.pulso.local.server.auth.TokenIssuer;
import dev.pulso.local.server.demo.DemoUsers;
import dev.pulso.local.server.http.Authorizer;
import dev.pulso.local.server.http.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * Who may call: everybody, or callers with a token.
 *
 * @param authorizer the authorizer before the functions
 * @param tokens the token files, if callers need a token
 * @param people the tokens of people that the web page offers, by name
 */
record Callers(Authorizer authorizer, Optional<TokenFiles> tokens, Map<String, String> people) {
  private static final String PEOPLE_PATH = "/demo/tokens";

  /** Admits everybody, as far as the functions accept anonymous callers. */
  static Callers open(boolean isLoopback, AccessRules rules, Steps steps) {
    if (rules.allowAnonymous() && !isLoopback) {
      steps.say("  Warning: anyone who reaches this machine can see and cancel every batch");
      steps.detail("With --auth, callers need a token.");
    }
    return new Callers(Authorizer.OPEN, Optional.empty(), Map.of());
  }

  /**
   * Admits callers with a token of the demo's users. Writes new tokens, because the key is new.
   *
   * @throws StartException when they cannot be written
   */
  static Callers withTokens(Path home, AccessRules rules, Steps steps) {
    Clock clock = Clock.systemUTC();
    TokenIssuer issuer = new TokenIssuer(clock);
    DemoUsers users = new DemoUsers(issuer, rules, clock);
    Map<String, String> tokens = users.tokens();
    TokenFiles files = new TokenFiles(home);
    try {
      files.write(tokens);
    } catch (IOException e) {
      throw new StartException("Cannot write the tokens: " + e, e);
    }
    steps.say("  Tokens: " + files.all());
    steps.detail(String.join(", ", tokens.keySet()));
    return new Callers(issuer.authorizer(), Optional.of(files), users.valid());
  }

  /**
   * Returns the page of tokens to choose from; nothing without any. It is for requests that name
   * this machine, which keeps out pages of other sites, but not programs of other machines.
   */
  Optional<Page> page() {
    byte[] json = JSONObjectUtils.toJSONString(people).getBytes(StandardCharsets.UTF_8);
    Page page = Page.of(PEOPLE_PATH, "application/json", () -> json).at(Listening::isThisMachine);
    return people.isEmpty() ? Optional.empty() : Optional.of(page);
  }

  /** Returns the account for the suggested commands, if it matters. */
  Optional<String> account() {
    return tokens.map(files -> DemoUsers.ACCOUNT);
  }
}

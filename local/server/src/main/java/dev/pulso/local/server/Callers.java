package dev.pulso.local.server;

import dev.pulso.access.AccessRules;
import dev.pulso.local.server.auth.TokenFiles;
import dev.pulso.local.server.auth.TokenIssuer;
import dev.pulso.local.server.demo.DemoUsers;
import dev.pulso.local.server.http.Authorizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * Who may call: everybody, or whoever has a token.
 *
 * @param authorizer what stands before the functions
 * @param tokens where tokens stand, if it takes one
 */
record Callers(Authorizer authorizer, Optional<TokenFiles> tokens) {
  /** Everybody, as far as the functions let in who comes without a token. */
  static Callers open(Options options, AccessRules rules, Steps steps) {
    if (rules.allowAnonymous() && !Listening.isLoopback(options)) {
      steps.say("  Warning: whoever reaches this machine may see and cancel every batch");
      steps.detail("With --auth that takes a token.");
    }
    return new Callers(Authorizer.OPEN, Optional.empty());
  }

  /**
   * Whoever has a token of the demo's users, which are written anew, because their key is new.
   *
   * @throws StartException when they can't be written
   */
  static Callers withTokens(Path home, AccessRules rules, Steps steps) {
    Clock clock = Clock.systemUTC();
    TokenIssuer issuer = new TokenIssuer(clock);
    Map<String, String> tokens = new DemoUsers(issuer, rules, clock).tokens();
    TokenFiles files = new TokenFiles(home);
    try {
      files.write(tokens);
    } catch (IOException e) {
      throw new StartException("The tokens can't be written: " + e, e);
    }
    steps.say("  Tokens: " + files.all());
    steps.detail(String.join(", ", tokens.keySet()));
    return new Callers(issuer.authorizer(), Optional.of(files));
  }

  /** The account whose data are shown to a newcomer first, where it matters. */
  Optional<String> account() {
    return tokens.map(files -> DemoUsers.ACCOUNT);
  }
}

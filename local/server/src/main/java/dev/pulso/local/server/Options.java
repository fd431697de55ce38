package dev.pulso.local.server;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of the command line.
 *
 * @param port port to serve on; 0 for any that is free
 * @param host address to listen on; empty for loopback only
 * @param demo whether to load the demo; empty: the default
 * @param reset whether to begin with an empty database
 * @param auth whether callers need a token
 */
record Options(
    int port, Optional<String> host, Optional<Boolean> demo, boolean reset, boolean auth) {
  private static final int DEFAULT_PORT = 8000;
  private static final int HIGHEST_PORT = 65_535;

  /**
   * Parses the command line; the default port comes from {@code PORT}.
   *
   * @throws UsageException when an option is invalid
   */
  static Options parse(List<String> arguments, Map<String, String> environment) {
    Optional<String> port = Optional.ofNullable(environment.get("PORT")).filter(p -> !p.isBlank());
    Optional<String> host = Optional.empty();
    Optional<Boolean> demo = Optional.empty();
    boolean reset = false;
    boolean auth = false;
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      switch (option) {
        case "--port" -> port = Optional.of(valueOf(option, rest));
        case "--host" -> host = Optional.of(valueOf(option, rest));
        case "--demo" -> demo = agree(demo, true);
        case "--no-demo" -> demo = agree(demo, false);
        case "--reset" -> reset = true;
        case "--auth" -> auth = true;
        default -> throw new UsageException("Unknown option: " + option);
      }
    }
    if (reset && !environment.getOrDefault("MONGODB_URI", "").isBlank()) {
      throw new UsageException(
          "--reset works only for a server that ./run started, but MONGODB_URI is set.");
    }
    return new Options(port.map(Options::port).orElse(DEFAULT_PORT), host, demo, reset, auth);
  }

  private static String valueOf(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new UsageException(option + " needs a value.");
    }
    return rest.next();
  }

  private static Optional<Boolean> agree(Optional<Boolean> before, boolean now) {
    if (before.isPresent() && before.get() != now) {
      throw new UsageException("--demo and --no-demo exclude each other.");
    }
    return Optional.of(now);
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= HIGHEST_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw new UsageException("The port must be a number from 0 to 65535, not " + text + ".", e);
    }
    throw new UsageException("The port must be a number from 0 to 65535, not " + text + ".");
  }
}

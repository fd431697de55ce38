package dev.pulso.webhooks;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a webhook may point to: https and public addresses. A name is resolved only when something
 * is delivered, and the address is checked where the connection is made.
 *
 * @param isLoopbackAllowed whether loopback is allowed too, by plain http as well, as on a laptop
 */
public record Targets(boolean isLoopbackAllowed) {
  private static final int LONGEST = 2_048;

  /** A host that ends like this is an IPv4 address to some resolvers, in whatever notation. */
  private static final Pattern NUMERIC_END =
      Pattern.compile("(^|.*\\.)(\\d+|0[xX][0-9a-fA-F]*)\\.?");

  private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** Returns whether a connection to this address is allowed. */
  public boolean allow(InetAddress address) {
    return PublicAddresses.contain(address) || (isLoopbackAllowed && address.isLoopbackAddress());
  }

  /** Returns what is wrong with the URL of a webhook; empty if nothing is. */
  public Optional<String> problem(String url) {
    if (url.length() > LONGEST) {
      return Optional.of("url must have at most " + LONGEST + " characters.");
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return Optional.of("url is not a valid URL.");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
      return Optional.of("url needs a host name (in ASCII), and a port from 1 to 65535 if any.");
    }
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      return Optional.of("url must have no user, no password and no fragment.");
    }
    if (!scheme.equals("https") && !(scheme.equals("http") && isLoopbackAllowed)) {
      return Optional.of("url must begin with https://.");
    }
    return isPossible(uri.getHost())
        ? Optional.empty()
        : Optional.of("url must point to a public address.");
  }

  private boolean isPossible(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.startsWith("[") || DOTTED.matcher(name).matches()) {
      return literal(name.replaceAll("[\\[\\]]", "")).filter(this::allow).isPresent();
    }
    boolean isLocal = name.matches("(.*\\.)?localhost\\.?");
    return !NUMERIC_END.matcher(name).matches() && (!isLocal || isLoopbackAllowed);
  }

  private static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}

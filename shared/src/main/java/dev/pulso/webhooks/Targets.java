package dev.pulso.webhooks;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
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
  private static final int LONGEST_HOST = 253;
  private static final int LONGEST_LABEL = 63;

  private static final String NO_HOST =
      "The host of url must be a name (letters, digits, hyphens, dots) or an address such as "
          + "192.0.2.1 or [2001:db8::1]. A port must be a number.";

  /** A host that ends like this is an IPv4 address to some resolvers, in whatever notation. */
  private static final Pattern NUMERIC_END = Pattern.compile("(^|.*\\.)(\\d+|0[xX][0-9a-fA-F]*)");

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
    if (!scheme.equals("https") && !(scheme.equals("http") && isLoopbackAllowed)) {
      return Optional.of(
          "url must begin with https://" + (isLoopbackAllowed ? " or http://." : "."));
    }
    if (uri.getHost() == null) {
      return problemOfAuthority(uri.getRawAuthority());
    }
    if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      return Optional.of("The port of url must be from 1 to 65535.");
    }
    if (uri.getRawUserInfo() != null) {
      return Optional.of("url must have no user and no password.");
    }
    if (uri.getRawFragment() != null) {
      return Optional.of("url must have no fragment (#…).");
    }
    return problemOfHost(uri.getHost().toLowerCase(Locale.ROOT));
  }

  /** What is wrong if URI finds no host in it. */
  private static Optional<String> problemOfAuthority(String authority) {
    if (authority == null) {
      return Optional.of("url needs a host, as in https://example.com/hook.");
    }
    return Optional.of(
        authority.chars().allMatch(c -> c < 128)
            ? NO_HOST
            : "The host of url must be in ASCII, as in https://xn--bcher-kva.example/.");
  }

  private Optional<String> problemOfHost(String host) {
    if (host.contains("%")) {
      return Optional.of("The address in url must have no zone (%…).");
    }
    if (host.endsWith(".")) {
      return Optional.of("The host of url must not end with a dot.");
    }
    if (host.startsWith("[") || DOTTED.matcher(host).matches()) {
      return problemOfAddress(host);
    }
    if (NUMERIC_END.matcher(host).matches()) {
      return Optional.of(NO_HOST);
    }
    if (host.length() > LONGEST_HOST
        || Arrays.stream(host.split("\\.")).anyMatch(label -> label.length() > LONGEST_LABEL)) {
      return Optional.of("The host of url is too long: 253 characters, 63 between dots at most.");
    }
    boolean isLocal = host.equals("localhost") || host.endsWith(".localhost");
    return isLocal && !isLoopbackAllowed ? notPublic(host) : Optional.empty();
  }

  private Optional<String> problemOfAddress(String host) {
    Optional<InetAddress> address = literal(host.replaceAll("[\\[\\]]", ""));
    if (address.isEmpty()) {
      return Optional.of(NO_HOST);
    }
    if (host.startsWith("[") && address.get() instanceof Inet4Address) {
      return Optional.of(
          "The address in url is an IPv4 address in IPv6 notation. Write it as IPv4.");
    }
    return allow(address.get()) ? Optional.empty() : notPublic(host);
  }

  private static Optional<String> notPublic(String host) {
    return Optional.of("url must point to a public address. " + host + " is not public.");
  }

  private static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}

package dev.pulso.webhooks;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells public addresses from all others, by the IANA special-purpose registries of both families.
 * Of IPv6, only the range of global unicast is public at all, so mapped, translated, link-local and
 * private addresses are not.
 */
public final class PublicAddresses {
  private static final List<Range> NOT_PUBLIC =
      Stream.of(
              "0.0.0.0/8", // this network
              "10.0.0.0/8", // private
              "100.64.0.0/10", // shared by carriers
              "127.0.0.0/8", // loopback
              "169.254.0.0/16", // link-local, metadata of clouds
              "172.16.0.0/12", // private
              "192.0.0.0/24", // protocol assignments
              "192.0.2.0/24", // documentation
              "192.88.99.0/24", // 6to4 relays
              "192.168.0.0/16", // private
              "198.18.0.0/15", // benchmarks
              "198.51.100.0/24", // documentation
              "203.0.113.0/24", // documentation
              "224.0.0.0/4", // multicast
              "240.0.0.0/4", // reserved, broadcast
              "2001::/23", // protocol assignments, Teredo, benchmarks
              "2001:db8::/32", // documentation
              "2002::/16", // 6to4, which contains any IPv4 address
              "3fff::/20") // documentation
          .map(Range::parse)
          .toList();

  private static final Range GLOBAL_UNICAST = Range.parse("2000::/3");

  private PublicAddresses() {}

  /** Returns whether an address belongs to somebody on the public internet. */
  public static boolean contain(InetAddress address) {
    byte[] bytes = address.getAddress();
    return (bytes.length == 4 || GLOBAL_UNICAST.contains(bytes))
        && NOT_PUBLIC.stream().noneMatch(range -> range.contains(bytes));
  }

  private record Range(byte[] start, int bits) {
    static Range parse(String text) {
      int slash = text.indexOf('/');
      return new Range(
          InetAddress.ofLiteral(text.substring(0, slash)).getAddress(),
          Integer.parseInt(text.substring(slash + 1)));
    }

    boolean contains(byte[] address) {
      if (address.length != start.length) {
        return false;
      }
      int whole = bits / 8;
      for (int i = 0; i < whole; i++) {
        if (address[i] != start[i]) {
          return false;
        }
      }
      int mask = 0xFF00 >> (bits % 8);
      return bits % 8 == 0 || ((address[whole] ^ start[whole]) & mask & 0xFF) == 0;
    }
  }
}

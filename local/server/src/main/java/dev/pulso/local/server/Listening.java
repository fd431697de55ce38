package dev.pulso.local.server;

import dev.pulso.local.database.FreePort;
import dev.pulso.local.database.PortTakenException;
import dev.pulso.local.server.http.HttpEdge;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Opens the requested port. */
final class Listening {
  private static final Pattern LOCALHOST = Pattern.compile("(?i)(.+\\.)?localhost\\.?");
  private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}|\\[[0-9a-fA-F:.]+]");

  private Listening() {}

  /**
   * Opens the port: on both loopback addresses, because programs differ in how they resolve
   * "localhost", or on the given host.
   *
   * @throws StartException when port or host is unavailable
   */
  static HttpEdge open(Options options) {
    try {
      List<InetAddress> addresses =
          options.host().isPresent() ? named(options.host().get()) : loopback();
      return options.port() == 0
          ? FreePort.start(port -> tried(addresses, port))
          : new HttpEdge(addresses, options.port());
    } catch (IOException e) {
      throw new StartException(refusal(options, e), e);
    }
  }

  /** Opens one port on all addresses; it may be free on one of them only. */
  private static HttpEdge tried(List<InetAddress> addresses, int port)
      throws PortTakenException, IOException {
    try {
      return new HttpEdge(addresses, port);
    } catch (IOException e) {
      if (e.getCause() instanceof BindException) {
        throw new PortTakenException(port);
      }
      throw e;
    }
  }

  /** Returns a name of whoever listens on that port of this machine, now or after a restart. */
  static String name(int port) {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // A machine without a name; another one like it on the same database is unlikely.
      host = "localhost";
    }
    return host + ":" + port;
  }

  /** Returns the address of this server for callers on this machine. */
  static String url(Options options, int port) {
    String host = options.host().filter(given -> !isEverywhere(given)).orElse("localhost");
    boolean needsBrackets = host.contains(":") && !host.startsWith("[");
    return "http://" + (needsBrackets ? "[" + host + "]" : host) + ":" + port;
  }

  private static boolean isEverywhere(String host) {
    try {
      return InetAddress.getByName(host).isAnyLocalAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Returns whether only this machine can reach the port. */
  static boolean isLoopback(Options options) {
    try {
      return options.host().isEmpty()
          || InetAddress.getByName(options.host().get()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Returns whether a request names this machine, as a page of another site never does. */
  static boolean isThisMachine(String host) {
    return Set.of("localhost", "127.0.0.1", "[::1]").contains(host);
  }

  /**
   * Returns whether a request may name this host. On loopback these are localhost, all addresses
   * and the name of {@code --host}: a page of another site names that site. Whoever listens
   * elsewhere lets others in.
   */
  static boolean isOurs(Options options, boolean isLoopback, String host) {
    return !isLoopback
        || LOCALHOST.matcher(host).matches()
        || ADDRESS.matcher(host).matches()
        || options.host().filter(host::equalsIgnoreCase).isPresent();
  }

  private static List<InetAddress> named(String host) throws IOException {
    try {
      return List.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      throw new StartException("Host " + host + " does not exist.", e);
    }
  }

  private static List<InetAddress> loopback() throws IOException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String address : List.of("127.0.0.1", "::1")) {
      InetAddress candidate = InetAddress.getByName(address);
      if (NetworkInterface.getByInetAddress(candidate) != null) {
        addresses.add(candidate);
      }
    }
    return addresses;
  }

  private static String refusal(Options options, IOException cause) {
    Throwable reason = cause.getCause() == null ? cause : cause.getCause();
    int other = options.port() < 65_535 ? options.port() + 1 : 8000;
    return "Port "
        + options.port()
        + " is unavailable ("
        + reason.getMessage()
        + "). Stop the program that uses it, or use another port: ./run --port "
        + other;
  }
}

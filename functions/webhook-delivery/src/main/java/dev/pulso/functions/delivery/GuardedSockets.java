package dev.pulso.functions.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.function.Predicate;
import javax.net.SocketFactory;

/**
 * Makes sockets that connect to allowed addresses only. The check is at the connection itself, by
 * the very address that is connected to: neither a literal, nor one of several addresses, nor a
 * second look-up passes by it. They read a limited number of bytes, whatever the client makes of
 * them.
 */
final class GuardedSockets extends SocketFactory {
  private final Predicate<InetAddress> isAllowed;
  private final long mostBytes;

  GuardedSockets(Predicate<InetAddress> isAllowed, long mostBytes) {
    this.isAllowed = isAllowed;
    this.mostBytes = mostBytes;
  }

  /** Thrown when an address is not allowed. */
  static final class RefusedException extends IOException {
    RefusedException() {
      super("address not allowed");
    }
  }

  @Override
  public Socket createSocket() {
    return new Socket() {
      private InputStream limited;

      @Override
      public void connect(SocketAddress endpoint, int timeout) throws IOException {
        if (!(endpoint instanceof InetSocketAddress inet)
            || inet.isUnresolved()
            || !isAllowed.test(inet.getAddress())) {
          throw new RefusedException();
        }
        super.connect(endpoint, timeout);
      }

      @Override
      public void connect(SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
      }

      @Override
      public synchronized InputStream getInputStream() throws IOException {
        if (limited == null) {
          limited = new LimitedInput(super.getInputStream(), mostBytes);
        }
        return limited;
      }
    };
  }

  /** The others would connect at once, and are not used. */
  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
    throw new UnsupportedOperationException();
  }
}

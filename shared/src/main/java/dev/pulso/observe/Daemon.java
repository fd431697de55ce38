package dev.pulso.observe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;

/**
 * Sends documents to the X-Ray daemon beside the function, one per datagram, each after a header
 * line. The socket opens with the first document. Sending never waits, and an unavailable daemon
 * costs only traces.
 */
final class Daemon implements AutoCloseable {
  private static final String HEADER = "{\"format\":\"json\",\"version\":1}\n";

  private final InetSocketAddress address;

  /** Guarded by this; null while closed. */
  private DatagramChannel channel;

  Daemon(InetSocketAddress address) {
    this.address = address;
  }

  synchronized void send(String document) {
    ByteBuffer datagram = ByteBuffer.wrap((HEADER + document).getBytes(StandardCharsets.UTF_8));
    try {
      if (channel == null) {
        channel = DatagramChannel.open();
        channel.configureBlocking(false);
      }
      channel.send(datagram, address);
    } catch (IOException e) {
      Log.info("trace_lost", json -> json.text("failure", e.getClass().getName()));
    }
  }

  @Override
  public synchronized void close() {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      Log.info("trace_socket_stuck", json -> json.text("failure", e.getClass().getName()));
    }
    channel = null;
  }
}

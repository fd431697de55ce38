package dev.pulso.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.bson.Document;

/** A stand-in for the X-Ray daemon. */
final class UdpDaemon implements AutoCloseable {
  private static final int PATIENCE_MS = 10_000;
  private static final int LARGEST = 65_535;

  private final DatagramSocket socket;

  UdpDaemon() throws IOException {
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.setSoTimeout(PATIENCE_MS);
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** Returns the next document, without its header line. */
  Document next() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
    socket.receive(packet);
    String text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    assertThat(text).startsWith("{\"format\":\"json\",\"version\":1}\n{");
    return Document.parse(text.substring(text.indexOf('\n') + 1));
  }

  @Override
  public void close() {
    socket.close();
  }
}

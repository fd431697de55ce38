package dev.pulso.local.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Loopback ports, which no other machine can reach. */
final class Loopback {
  static final String HOST = "127.0.0.1";

  private Loopback() {}

  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral(HOST))) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  static boolean accepts(int port) {
    try (Socket socket = new Socket(HOST, port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }
}

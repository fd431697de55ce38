package dev.pulso.bench.process;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** What the operating system can do to a process of ours. */
public final class Signals {
  private Signals() {}

  /** SIGKILL: it gets no chance to do anything. */
  public static void kill(Process process) {
    process.destroyForcibly();
    await(process);
  }

  /** SIGSTOP: it is there, its sockets are open, and it does nothing. */
  public static void stop(Process process) {
    send("STOP", process);
  }

  /** SIGCONT: it goes on. */
  public static void resume(Process process) {
    send("CONT", process);
  }

  private static void send(String signal, Process process) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start();
      await(kill);
    } catch (IOException e) {
      throw new IllegalStateException("no signal can be sent", e);
    }
  }

  private static void await(Process process) {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("process " + process.pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}

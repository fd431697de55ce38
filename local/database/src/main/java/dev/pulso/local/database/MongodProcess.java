package dev.pulso.local.database;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts and stops mongod processes. */
final class MongodProcess {
  private static final int GRACE_SECONDS = 30;

  /**
   * A shell script that starts a server and ends it with the JVM, even if the JVM is killed: the
   * standard input of the script ends then. It also ends with the server; a living JVM can then
   * still read the log. Argument 0 is the folder to delete with the server.
   */
  private static final String WATCHED =
      """
      trap '' INT HUP
      exec 3<&0 </dev/null
      (
        cat <&3
        if kill -KILL $$; then
          n=0
          while kill -0 $$ && [ $n -lt 50 ]; do n=$((n + 1)); sleep 0.1; done
        else
          while kill -0 $PPID && [ -d "$0" ]; do sleep 0.1; done
        fi
        rm -rf "$0"
      ) >/dev/null 2>&1 &
      exec "$@" 3<&-
      """;

  private MongodProcess() {}

  /**
   * Starts a process that ends with this JVM, and deletes {@code folder} then. Ctrl-C does not
   * reach the process: the JVM handles it and stops the process.
   */
  static Process startWatched(List<String> command, Path folder, Path log)
      throws NotThisWayException {
    List<String> line = new ArrayList<>(List.of("sh", "-c", WATCHED, folder.toString()));
    MongodBinary.onPath("setsid", System.getenv())
        .ifPresent(setsid -> line.addFirst(setsid.toString()));
    line.addAll(command);
    try {
      return new ProcessBuilder(line)
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
    } catch (IOException e) {
      throw new NotThisWayException("it cannot be started: " + e.getMessage(), e);
    }
  }

  /** Terminates a process, and kills it if it does not end in time. */
  static void stop(ProcessHandle process) {
    process.destroy();
    if (!ended(process, GRACE_SECONDS)) {
      kill(process);
    }
  }

  static void kill(ProcessHandle process) {
    process.destroyForcibly();
    ended(process, GRACE_SECONDS);
  }

  private static boolean ended(ProcessHandle process, int seconds) {
    try {
      process.onExit().get(seconds, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

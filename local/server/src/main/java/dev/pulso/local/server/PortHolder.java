package dev.pulso.local.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds out which process listens on a port, as far as this user may know it. */
final class PortHolder {
  private static final String LISTENING = "0A";

  private PortHolder() {}

  /** The process, for people: {@code python3 (process 4711)}. */
  static Optional<String> describe(int port) {
    return process(port).map(PortHolder::describe);
  }

  private static String describe(ProcessHandle process) {
    boolean ours =
        Arrays.asList(process.info().arguments().orElse(new String[0]))
            .contains(Main.class.getName());
    String name =
        process
            .info()
            .command()
            .map(command -> Path.of(command).getFileName().toString())
            .orElse("a program");
    return (ours ? "another ./run" : name) + " (process " + process.pid() + ")";
  }

  private static Optional<ProcessHandle> process(int port) {
    Optional<Long> pid = Files.exists(Path.of("/proc/net/tcp")) ? fromProc(port) : fromLsof(port);
    return pid.flatMap(ProcessHandle::of);
  }

  private static Optional<Long> fromProc(int port) {
    Set<String> sockets = new HashSet<>();
    String suffix = String.format(Locale.ROOT, ":%04X", port);
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : lines(Path.of(table))) {
        String[] columns = line.strip().split("\\s+");
        boolean listens =
            columns.length > 9 && columns[1].endsWith(suffix) && columns[3].equals(LISTENING);
        if (listens) {
          sockets.add("socket:[" + columns[9] + "]");
        }
      }
    }
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> !sockets.isEmpty() && holds(pid, sockets))
        .findFirst();
  }

  private static boolean holds(long pid, Set<String> sockets) {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (Path file : files) {
        if (sockets.contains(Files.readSymbolicLink(file).toString())) {
          return true;
        }
      }
      return false;
    } catch (IOException notOursOrGone) {
      return false;
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.US_ASCII);
    } catch (IOException noSuchTable) {
      return List.of();
    }
  }

  private static Optional<Long> fromLsof(int port) {
    try {
      Process lsof =
          new ProcessBuilder("lsof", "-nP", "-t", "-iTCP:" + port, "-sTCP:LISTEN")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (Stream<String> lines = lsof.inputReader().lines()) {
        return lines.findFirst().map(Long::valueOf);
      }
    } catch (IOException notInstalled) {
      return Optional.empty();
    }
  }
}

package dev.pulso.local.database;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The label that identifies the owner of a container, in case its process was killed: the data
 * folder, or for tests the process.
 */
record ContainerOwner(String label, String value) {
  static final String TESTS = "dev.pulso.tests";

  private static final String FOLDER = "dev.pulso.folder";

  static ContainerOwner of(Optional<Path> data) {
    return data.map(folder -> new ContainerOwner(FOLDER, folder.toString()))
        .orElseGet(() -> new ContainerOwner(TESTS, identity(ProcessHandle.current())));
  }

  Map<String, String> labels() {
    return Map.of(label, value);
  }

  /** Returns whether the process in a {@link #TESTS} label has ended on this machine. */
  static boolean isGone(String identity) {
    String[] parts = identity.split("/", -1);
    if (parts.length != 3 || !parts[0].equals(machine()) || !parts[1].matches("\\d{1,18}")) {
      return false;
    }
    Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(parts[1]));
    return process.isEmpty() || !identity(process.get()).equals(identity);
  }

  // The start time distinguishes processes that had the same id.
  private static String identity(ProcessHandle process) {
    long started = process.info().startInstant().map(Instant::getEpochSecond).orElse(0L);
    return machine() + "/" + process.pid() + "/" + started;
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}

package dev.pulso.local.database;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The labels by which a container is recognised when whoever started it was killed: by its data
 * folder, or, if it was for tests, by the process that it served.
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

  /**
   * Whether the process that a container's {@link #TESTS} label names has ended on this machine.
   */
  static boolean isGone(String identity) {
    String[] parts = identity.split("/", -1);
    if (parts.length != 3 || !parts[0].equals(machine()) || !parts[1].matches("\\d{1,18}")) {
      return false;
    }
    Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(parts[1]));
    return process.isEmpty() || !identity(process.get()).equals(identity);
  }

  // The second of the start tells a process from a later one that has got the same number.
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

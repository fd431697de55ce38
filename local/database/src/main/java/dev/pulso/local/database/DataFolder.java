package dev.pulso.local.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The folder of a server that keeps its data. One run at a time holds its lock; the operating
 * system releases the lock if that run dies.
 *
 * @param data the data folder of mongod
 */
record DataFolder(Path data, FileChannel lock) implements AutoCloseable {
  /**
   * @throws MongoUnavailableException when another run holds the folder
   */
  static DataFolder hold(Path folder) {
    try {
      Path data = Files.createDirectories(data(folder)).toRealPath();
      FileChannel channel =
          FileChannel.open(
              data.resolveSibling("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new MongoUnavailableException(
            "The data in " + folder + " are in use by another run. Stop that run first.");
      }
      endingMongod(data).ifPresent(MongodProcess::stop);
      return new DataFolder(data, channel);
    } catch (IOException e) {
      throw new MongoUnavailableException("The folder " + folder + " cannot be used: " + e);
    }
  }

  static Path data(Path folder) {
    return folder.resolve("mongodb").resolve("data");
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException heldInThisJvm) {
      return false;
    }
  }

  /**
   * Finds the mongod of a killed run, which may take a moment to end. Its lock file contains its
   * process id.
   */
  private static Optional<ProcessHandle> endingMongod(Path data) throws IOException {
    Path file = data.resolve("mongod.lock");
    String pid = Files.exists(file) ? Files.readString(file).strip() : "";
    return Optional.of(pid)
        .filter(text -> text.matches("\\d{1,18}"))
        .flatMap(text -> ProcessHandle.of(Long.parseLong(text)))
        .filter(process -> process.info().commandLine().orElse("").contains(data.toString()));
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

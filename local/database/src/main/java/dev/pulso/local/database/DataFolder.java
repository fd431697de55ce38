package dev.pulso.local.database;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;

/**
 * The folder of a server that is to be found again: its data, its log, and the record by which a
 * later run recognises a mongod that an earlier one left behind. One run at a time holds it; the
 * operating system lets go of the lock when that run dies.
 */
final class DataFolder implements AutoCloseable {
  private final Path home;
  private final FileChannel channel;

  private DataFolder(Path home, FileChannel channel) {
    this.home = home;
    this.channel = channel;
  }

  /** Where mongod listened, and as which process; the process is unknown in its first moment. */
  record Left(int port, OptionalLong pid) {}

  /**
   * @throws MongoUnavailableException when another run holds the folder
   */
  static DataFolder hold(Path folder) {
    try {
      // The real path: a run that comes by way of a link recognises what another left.
      Path home = Files.createDirectories(folder.resolve("mongodb")).toRealPath();
      Files.createDirectories(home.resolve("data"));
      FileChannel channel =
          FileChannel.open(
              home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new MongoUnavailableException(
            "The data in " + folder + " are in use by another run. Stop that one first.");
      }
      return new DataFolder(home, channel);
    } catch (IOException e) {
      throw new MongoUnavailableException("The folder " + folder + " can't be used: " + e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException heldInThisJvm) {
      return false;
    }
  }

  Path data() {
    return home.resolve("data");
  }

  Path log() {
    return home.resolve("mongod.log");
  }

  private Path record() {
    return home.resolve("mongod.properties");
  }

  Optional<Left> left() {
    return read(record());
  }

  private static Optional<Left> read(Path file) {
    Properties record = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      record.load(reader);
      String pid = record.getProperty("pid", "");
      return Optional.of(
          new Left(
              Integer.parseInt(record.getProperty("port", "")),
              pid.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(pid))));
    } catch (IOException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  void remember(int port, OptionalLong pid) {
    Properties record = new Properties();
    record.setProperty("port", Integer.toString(port));
    pid.ifPresent(id -> record.setProperty("pid", Long.toString(id)));
    Path fresh = home.resolve("mongod.properties.new");
    try {
      try (Writer writer = Files.newBufferedWriter(fresh)) {
        record.store(writer, "The mongod of this folder");
      }
      Files.move(
          fresh, record(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

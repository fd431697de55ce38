package dev.pulso.local.database;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Makes and deletes folders. */
final class Folders {
  /** A file system in memory, as Linux has it. */
  private static final Path MEMORY = Path.of("/dev/shm");

  /** Tests run several servers at once; a mongod fills about 100 MB. */
  private static final long ROOM = 2L << 30;

  private Folders() {}

  /**
   * Makes a folder for data that nobody needs after this JVM. In memory where there is room: a
   * server then waits for no disk.
   */
  static Path temporary(String prefix) throws IOException {
    boolean isInMemory =
        Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() >= ROOM;
    return isInMemory
        ? Files.createTempDirectory(MEMORY, prefix)
        : Files.createTempDirectory(prefix);
  }

  static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path done, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(done);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

package dev.pulso.local.server.metrics;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The request log, one line per request, so that the terminal stays readable. Each start begins a
 * new file. A full file is rotated; one older file is kept.
 */
public final class RequestLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
  private static final long FULL = 16L << 20;

  private final Path file;
  private final long full;

  /** Guards the stream and its length. */
  private final ReentrantLock lock = new ReentrantLock();

  private OutputStream out;
  private long written;
  private boolean closed;

  /**
   * Opens a new file.
   *
   * @throws UncheckedIOException when it cannot be written
   */
  public RequestLog(Path file) {
    this(file, FULL);
  }

  RequestLog(Path file, long full) {
    this.file = file;
    this.full = full;
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      out = Files.newOutputStream(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Appends a line. A failure is logged once and fails no request. */
  public void write(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    lock.lock();
    try {
      if (!closed) {
        makeRoom(bytes.length);
        out.write(bytes);
        written += bytes.length;
      }
    } catch (IOException e) {
      closed = true;
      LOG.error("Cannot write to {}; requests are no longer logged", file, e);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the file. */
  public Path file() {
    return file;
  }

  private void makeRoom(int bytes) throws IOException {
    if (written + bytes > full) {
      out.close();
      Files.move(
          file,
          file.resolveSibling("older-" + file.getFileName()),
          StandardCopyOption.REPLACE_EXISTING);
      out = Files.newOutputStream(file);
      written = 0;
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      out.close();
    } catch (IOException e) {
      LOG.error("Cannot close {}", file, e);
    } finally {
      lock.unlock();
    }
  }
}

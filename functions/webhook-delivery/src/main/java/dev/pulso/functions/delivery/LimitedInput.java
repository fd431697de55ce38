package dev.pulso.functions.delivery;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads a limited number of bytes, and fails when there are more. */
final class LimitedInput extends FilterInputStream {
  private long left;

  LimitedInput(InputStream in, long most) {
    super(in);
    this.left = most;
  }

  /** Thrown when a receiver sends more than is read of any answer. */
  static final class TooLongException extends IOException {
    TooLongException() {
      super("answer too long");
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (left == 0) {
      throw new TooLongException();
    }
    int read = super.read(bytes, offset, (int) Math.min(length, left));
    left -= Math.max(0, read);
    return read;
  }
}

package dev.pulso.local.server.http;

import dev.pulso.http.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** Reads request bodies, with limits for size and time. */
final class RequestBody {
  static final int LIMIT_BYTES = 1 << 20;
  private static final int FIRST_BYTES = 8 << 10;
  private static final byte[] EMPTY = {};

  private RequestBody() {}

  /**
   * Returns the body, possibly empty.
   *
   * @throws RefusedException when it is larger than 1 MiB or does not arrive in time
   * @throws IOException when the client disconnects
   */
  static byte[] read(Request request, Duration patience) throws RefusedException, IOException {
    if (request.getLength() == 0) {
      return EMPTY;
    }
    if (request.getLength() > LIMIT_BYTES) {
      throw new RefusedException(EdgeProblems.BODY_TOO_LARGE);
    }
    long start = System.nanoTime();
    byte[] bytes = new byte[FIRST_BYTES];
    int length = 0;
    try (InputStream content = Content.Source.asInputStream(request)) {
      for (int read = 0; read >= 0; length += read) {
        if (length > LIMIT_BYTES) {
          throw new RefusedException(EdgeProblems.BODY_TOO_LARGE);
        }
        if (System.nanoTime() - start > patience.toNanos()) {
          throw new RefusedException(EdgeProblems.BODY_TOO_SLOW);
        }
        if (length == bytes.length) {
          bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        read = content.read(bytes, length, bytes.length - length);
        if (read < 0) {
          break;
        }
      }
    }
    return Arrays.copyOf(bytes, length);
  }

  /** Thrown when a body is too large or too slow. */
  static final class RefusedException extends Exception {
    private final transient Problem problem;

    RefusedException(Problem problem) {
      super(problem.code());
      this.problem = problem;
    }

    Problem problem() {
      return problem;
    }
  }
}

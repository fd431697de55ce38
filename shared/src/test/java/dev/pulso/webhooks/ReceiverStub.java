package dev.pulso.webhooks;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A transport that keeps what is sent, and answers as it is told. */
final class ReceiverStub implements Transport {
  /** A posted delivery. */
  record Post(String url, Map<String, String> headers, String body) {
    String id() {
      return headers.get("webhook-id");
    }
  }

  final List<Post> posts = new CopyOnWriteArrayList<>();

  /** Instead of a status: an exception that nobody expects. */
  static final int BROKEN = -1;

  /** The status of each answer; 0: none comes. */
  volatile int status = 204;

  /** The next answer's Retry-After. */
  volatile Optional<String> retryAfter = Optional.empty();

  @Override
  public Answer post(String url, Map<String, String> headers, String body) throws FailedException {
    posts.add(new Post(url, headers, body));
    if (status == 0) {
      throw new FailedException("timeout");
    }
    if (status == BROKEN) {
      throw new IllegalStateException("broken");
    }
    return new Answer(status, retryAfter, Optional.empty());
  }
}

package dev.pulso.webhooks;

/** Thrown when a webhook's secret cannot be decrypted: its key is missing, or it was changed. */
final class UnreadableSecretException extends RuntimeException {
  UnreadableSecretException() {
    super("A webhook's secret cannot be decrypted.");
  }

  UnreadableSecretException(Throwable cause) {
    super("A webhook's secret cannot be decrypted.", cause);
  }
}

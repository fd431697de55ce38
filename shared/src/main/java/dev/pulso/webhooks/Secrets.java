package dev.pulso.webhooks;

import dev.pulso.mongo.Lenient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bson.Document;
import org.bson.types.Binary;

/** Reads and writes the encrypted secrets in the documents of webhooks. */
final class Secrets {
  private static final String KEY_ID = "key_id";
  private static final String BYTES = "bytes";

  private final Supplier<List<String>> keys;

  /** Decrypts with the keys that were read last. */
  private volatile SecretBox box = new SecretBox(List.of());

  /**
   * @param keys returns the keys, which may change between calls
   */
  Secrets(Supplier<List<String>> keys) {
    this.keys = keys;
  }

  /**
   * Reads the keys again.
   *
   * @throws dev.pulso.config.MissingConnectionException when they are away; those that were read
   *     before stay
   */
  void readKeys() {
    box = new SecretBox(keys.get());
  }

  /** Encrypts a secret with the key that is the newest now. */
  Document encrypted(SigningSecret secret, String webhook) {
    readKeys();
    return document(box.encrypt(secret, webhook));
  }

  private static Document document(SecretBox.Encrypted encrypted) {
    return new Document(KEY_ID, encrypted.keyId()).append(BYTES, new Binary(encrypted.bytes()));
  }

  /**
   * Returns the secrets of a webhook that sign at a moment, the current one first; none if the
   * current one cannot be decrypted. An older one that cannot be decrypted is left out.
   */
  List<SigningSecret> valid(Document webhook, Instant at) {
    List<Optional<SigningSecret>> all =
        notOutlived(webhook, at).stream().map(secret -> decrypted(secret, webhook)).toList();
    return all.isEmpty() || all.getFirst().isEmpty()
        ? List.of()
        : all.stream().flatMap(Optional::stream).toList();
  }

  /**
   * Returns the secrets of a webhook, encrypted with the newest key. Those that cannot be decrypted
   * stay as they are, and outlived ones are left out, so that their keys can be given up.
   */
  List<Document> renewed(Document webhook, Instant now) {
    List<Document> renewed = new ArrayList<>();
    for (Document secret : notOutlived(webhook, now)) {
      Document changed = new Document(secret);
      if (!box.isNewest(secret.get(KEY_ID))) {
        decrypted(secret, webhook)
            .map(readable -> document(box.encrypt(readable, webhook.getString(WebhookStore.ID))))
            .ifPresent(changed::putAll);
      }
      renewed.add(changed);
    }
    return renewed;
  }

  private static List<Document> notOutlived(Document webhook, Instant at) {
    return Lenient.documents(webhook.get(WebhookStore.SECRETS)).stream()
        .filter(
            secret -> Lenient.time(secret.get(WebhookStore.UNTIL)).filter(at::isAfter).isEmpty())
        .toList();
  }

  private Optional<SigningSecret> decrypted(Document secret, Document webhook) {
    return secret.get(KEY_ID) instanceof String keyId && secret.get(BYTES) instanceof Binary bytes
        ? box.decrypt(
            new SecretBox.Encrypted(keyId, bytes.getData()), webhook.getString(WebhookStore.ID))
        : Optional.empty();
  }
}

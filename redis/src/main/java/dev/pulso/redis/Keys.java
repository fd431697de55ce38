package dev.pulso.redis;

import dev.pulso.config.Settings;
import dev.pulso.overview.View;
import dev.pulso.text.Hash;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/**
 * The keys of a deployment: {@code pulso:{deployment}:…}, where the database identifies the
 * deployment. The braces keep all keys in one slot of a cluster.
 */
final class Keys {
  private static final int HASH_LENGTH = 32;

  private final String prefix;
  private final ZoneId zone;

  Keys(Settings settings) {
    String address =
        settings.mongoUri().map(Keys::withoutSecret).or(settings::mongoSecretId).orElse("");
    String deployment =
        exactly(List.of(address, settings.database(), settings.batches(), settings.jobs()));
    this.prefix = "pulso:{" + hash(deployment) + "}:";
    this.zone = settings.dashboardZone();
  }

  /** Returns the key of a user's polls of a batch. */
  String polls(String subject, String address) {
    return prefix + "polls:" + hash(exactly(List.of(subject, address)));
  }

  /** Returns the key of a view's overview. */
  String overview(View view) {
    return prefix + "overview:" + hash(canonical(view));
  }

  /** Returns the key of the lease for computing a view's overview. */
  String lease(View view) {
    return overview(view) + ":lease";
  }

  /** Returns a text that is the same only for equal views. */
  private String canonical(View view) {
    return zone.getId()
        + view.account().map(id -> " of " + exactly(List.of(id))).orElse(" of all")
        + view.accounts()
            .only()
            .map(ids -> " in " + exactly(List.copyOf(new TreeSet<>(ids))))
            .orElse("");
  }

  /** Joins texts unambiguously. */
  private static String exactly(List<String> texts) {
    StringBuilder all = new StringBuilder();
    texts.forEach(text -> all.append(text.length()).append(':').append(text));
    return all.toString();
  }

  /** Returns lower-case hex digits that hide a text; no other text has the same. */
  private static String hash(String text) {
    return HexFormat.of().formatHex(Hash.sha256(text)).substring(0, HASH_LENGTH);
  }

  private static String withoutSecret(String uri) {
    return uri.substring(uri.lastIndexOf('@') + 1);
  }
}

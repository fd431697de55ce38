package dev.pulso.redis;

import dev.pulso.config.Settings;
import dev.pulso.overview.View;
import java.time.ZoneId;
import java.util.List;
import java.util.TreeSet;

/**
 * Names what a deployment keeps: {@code pulso:{deployment}:…}, where the deployment is known by its
 * database. The braces keep all of it in one slot, should the server be a cluster.
 */
final class Keys {
  private final String prefix;
  private final ZoneId zone;

  Keys(Settings settings) {
    String address =
        settings.mongoUri().map(Keys::withoutSecret).or(settings::mongoSecretId).orElse("");
    String deployment =
        exactly(List.of(address, settings.database(), settings.batches(), settings.jobs()));
    this.prefix = "pulso:{" + Digests.of(deployment) + "}:";
    this.zone = settings.dashboardZone();
  }

  /** Of a user's polls of a batch. */
  String polls(String subject, String address) {
    return prefix + "polls:" + Digests.of(exactly(List.of(subject, address)));
  }

  /** Of a view's overview. */
  String overview(View view) {
    return prefix + "overview:" + Digests.of(canonical(view));
  }

  /** Of who is computing a view's overview. */
  String lease(View view) {
    return overview(view) + ":lease";
  }

  /** Two views with the same text are equal. */
  private String canonical(View view) {
    return zone.getId()
        + view.account().map(id -> " of " + exactly(List.of(id))).orElse(" of all")
        + view.accounts()
            .only()
            .map(ids -> " in " + exactly(List.copyOf(new TreeSet<>(ids))))
            .orElse("");
  }

  /** Texts one after the other, in a way that can't be taken for others. */
  private static String exactly(List<String> texts) {
    StringBuilder all = new StringBuilder();
    texts.forEach(text -> all.append(text.length()).append(':').append(text));
    return all.toString();
  }

  private static String withoutSecret(String uri) {
    return uri.substring(uri.lastIndexOf('@') + 1);
  }
}

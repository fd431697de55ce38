package dev.pulso.local.server;

import dev.pulso.local.server.auth.TokenFiles;
import dev.pulso.local.server.demo.DemoData.BatchToWatch;
import dev.pulso.local.server.demo.DemoUsers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Suggested shell commands for data that the database contains. */
final class Suggestions {
  private static final String NO_BATCH = "BATCH_ID";

  private Suggestions() {}

  /**
   * Returns the commands.
   *
   * @param url the address of this server
   * @param tokens the token files, if callers need one
   */
  static List<String> curlLines(
      Optional<BatchToWatch> watch, String url, Optional<TokenFiles> tokens) {
    String api = url + "/api/v1";
    String batch = word(api + "/batches/" + watch.map(BatchToWatch::batchId).orElse(NO_BATCH));
    Optional<String> accountId = watch.flatMap(BatchToWatch::accountId);
    String account = accountId.map(id -> "?account_id=" + id).orElse("");
    String curl = "curl " + tokens.map(files -> header(files.of(user(accountId)))).orElse("");
    return List.of(
        curl + "'" + api + "/batches?status=active&limit=5'",
        curl + batch,
        curl + batch + "/status",
        curl + batch + "/summary",
        curl + "'" + api + "/dashboard/overview" + account + "'",
        curl
            + "-X POST -G "
            + batch
            + "/cancel --data-urlencode 'reason=Cliente solicitó detención'");
  }

  /** Returns a user with the necessary rights. */
  private static String user(Optional<String> accountId) {
    return accountId.filter(DemoUsers.ACCOUNT::equals).isPresent()
        ? DemoUsers.OPERATOR
        : DemoUsers.ALL;
  }

  /** Uses an absolute path, so that the command works in every folder. */
  private static String header(Path token) {
    return "-H \"Authorization: Bearer $(cat " + word(token.toAbsolutePath().toString()) + ")\" ";
  }

  private static String word(String text) {
    return text.matches("[\\w/.:-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}

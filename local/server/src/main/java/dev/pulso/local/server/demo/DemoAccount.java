package dev.pulso.local.server.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bson.Document;

/**
 * A customer; one for each kind of plan, one of them in an old format.
 *
 * @param phonePrefix prefix of unassigned phone numbers
 */
record DemoAccount(String id, String timezone, String phonePrefix, Duration age, Document fields) {
  private static final String OF_THE_DEMO = "demo";
  private static final List<DemoAccount> ALL =
      DemoContent.documents("accounts").stream().map(DemoAccount::of).toList();

  static List<DemoAccount> all() {
    return ALL;
  }

  static DemoAccount called(String id) {
    return ALL.stream().filter(account -> account.id.equals(id)).findFirst().orElseThrow();
  }

  private static DemoAccount of(Document content) {
    Document fields = new Document(content);
    Document demo = (Document) fields.remove(OF_THE_DEMO);
    return new DemoAccount(
        fields.getString("account_id"),
        fields.getString("timezone"),
        demo.getString("phone_prefix"),
        Duration.ofDays(demo.getInteger("age_days")),
        fields);
  }

  Document document(Instant now) {
    return new Document(fields).append("created_at", Date.from(now.minus(age)));
  }
}

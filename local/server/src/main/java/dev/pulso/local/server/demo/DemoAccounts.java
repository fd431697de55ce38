package dev.pulso.local.server.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bson.Document;

/** Three customers, one for each kind of plan, one of them written years ago. */
enum DemoAccounts {
  CHILE("acc-chile-001", "Cliente Chile Principal", "CL", "America/Santiago", "+5690000"),
  PERU("acc-peru-001", "Cobranzas Perú Andina", "PE", "America/Lima", "+5190000"),
  MEXICO("acc-mexico-001", "Atención México Centro", "MX", "America/Mexico_City", "+52550000");

  final String id;
  final String title;
  final String country;
  final String timezone;

  /** Numbers that begin like this are nobody's. */
  final String phonePrefix;

  DemoAccounts(String id, String title, String country, String timezone, String phonePrefix) {
    this.id = id;
    this.title = title;
    this.country = country;
    this.timezone = timezone;
    this.phonePrefix = phonePrefix;
  }

  static List<Document> documents(Instant now) {
    return List.of(
        CHILE
            .common(now, Duration.ofDays(300))
            .append("account_name", CHILE.title)
            .append("plan_type", "credit_based")
            .append("credit_balance", 5200.0)
            .append("credit_reserved", 200.0)
            .append("credit_used", 1300.0)
            .append("minutes_purchased", 0.0)
            .append("minutes_used", 0.0)
            .append("minutes_reserved", 0.0),
        PERU.common(now, Duration.ofDays(900))
            .append("name", PERU.title)
            .append("billing_type", "minutes")
            .append("balance", 6_429.5),
        MEXICO
            .common(now, Duration.ofDays(120))
            .append("account_name", MEXICO.title)
            .append("plan_type", "unlimited"));
  }

  private Document common(Instant now, Duration age) {
    return new Document("account_id", id)
        .append("status", "active")
        .append("country", country)
        .append("timezone", timezone)
        .append("created_at", Date.from(now.minus(age)));
  }
}

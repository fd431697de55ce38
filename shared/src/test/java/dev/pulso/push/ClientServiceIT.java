package dev.pulso.push;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.access.ForeignAccountException;
import dev.pulso.access.UnauthenticatedException;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.fixture.Builders;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.http.BadRequestException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ClientServiceIT {
  private static final Map<String, String> ANA =
      Map.of("sub", "ana", "scope", "pulso:read", "account_ids", "acc-chile-001");

  @AutoClose
  private final PulsoFixture fixture = PulsoFixture.open(Map.of("ALLOW_ANONYMOUS", "false"));

  private final ClientService clients = fixture.pulso().services().clients();
  private final Tickets tickets = fixture.pulso().services().tickets();

  @Test
  void aTicketIsGoodOnce() {
    String ticket = tickets.issue(ANA);
    assertThat(clients.admit("c1", Optional.of(ticket))).isTrue();
    assertThat(clients.admit("c2", Optional.of(ticket))).isFalse();
  }

  @Test
  void nothingButATicketAdmits() {
    assertThat(clients.admit("c1", Optional.empty())).isFalse();
    assertThat(clients.admit("c1", Optional.of("eyJhbGciOiJub25lIn0.e30."))).isFalse();
    assertThat(clients.admit("c1", Optional.of(""))).isFalse();
  }

  @Test
  void anOldTicketAdmitsNobody() {
    String ticket = tickets.issue(ANA);
    fixture.db().connections().updateMany(new Document(), set("expires_at", new Date()));
    assertThat(clients.admit("c1", Optional.of(ticket))).isFalse();
  }

  @Test
  void theTicketItselfIsNotStored() {
    String ticket = tickets.issue(ANA);
    assertThat(fixture.db().connections().find().first().toJson()).doesNotContain(ticket);
  }

  @Test
  void aCallerWithoutReadScopeMayNotConnect() {
    assertThat(clients.admit("c1", Optional.of(tickets.issue(Map.of("sub", "ana"))))).isFalse();
  }

  @Test
  void claimsWithDotsInTheirNamesSurvive() {
    String accounts = "https://example.com/$accounts.x";
    try (PulsoFixture dotted = PulsoFixture.open(Map.of("ACCOUNTS_CLAIM", accounts))) {
      Map<String, String> claims = Map.of("sub", "ana", "scope", "pulso:read", accounts, "a.$b");
      Tickets others = dotted.pulso().services().tickets();
      assertThat(others.redeem(others.issue(claims))).contains(claims);
    }
  }

  @Test
  void claimsThatGrantNothingAreNotStored() {
    Map<String, String> claims = new HashMap<>(ANA);
    claims.put("exp", "4102444800");
    claims.put("cognito:groups", "[team]");
    Map<String, String> idToken = new HashMap<>(claims);
    idToken.putAll(Map.of("email", "ana@example.com", "name", "Ana", "phone_number", "+56 2"));
    assertThat(tickets.redeem(tickets.issue(idToken))).contains(claims);
  }

  @Test
  void theNewestConnectionDisplacesTheOldest() {
    fixture.batches(Builders.batch("b1"));
    for (int i = 0; i < 10; i++) {
      connect("c" + i);
    }
    connectedBefore("c3");
    connect("one more");
    assertThat(displaced()).containsExactly("c3");
    subscribe("one more", "b1");
    connectedBefore("c5");
    connect("another");
    assertThat(displaced()).containsExactly("c3", "c5");
  }

  @Test
  void aUserDisplacesNobodyElse() {
    Map<String, String> eve = new HashMap<>(ANA);
    eve.put("sub", "eve");
    assertThat(clients.admit("eve's", Optional.of(tickets.issue(eve)))).isTrue();
    connectedBefore("eve's");
    for (int i = 0; i < 11; i++) {
      connect("c" + i);
    }
    assertThat(displaced()).hasSize(1).doesNotContain("eve's");
  }

  @Test
  void aConnectionHasAtMostHundredSubscriptions() {
    connect("c1");
    for (int i = 0; i < 100; i++) {
      fixture.batches(Builders.batch("b" + i));
      subscribe("c1", "b" + i);
    }
    subscribe("c1", "b7");
    fixture.batches(Builders.batch("more"));
    assertThatThrownBy(() -> subscribe("c1", "more"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("100");
    clients.answer("c1", "{\"action\":\"unsubscribe\",\"batch_id\":\"b7\"}");
    subscribe("c1", "more");
  }

  @Test
  void anAccountMayLookLikeAField() {
    Map<String, String> claims = new HashMap<>(ANA);
    claims.put("account_ids", "$news");
    assertThat(clients.admit("c1", Optional.of(tickets.issue(claims)))).isTrue();
    for (int i = 0; i < 2; i++) {
      clients.answer("c1", "{\"action\":\"subscribe\",\"batches\":true,\"account_id\":\"$news\"}");
      clients.answer("c1", "{\"action\":\"subscribe\",\"batches\":true}");
    }
    Document stored = fixture.db().connections().find(eq("_id", "c1")).first();
    assertThat(stored.getList("subscriptions", Document.class))
        .extracting(each -> each.getString("name"))
        .containsExactly("$news", null);
  }

  @Test
  void onlyVisibleBatchesAndAccountsCanBeSubscribedTo() {
    connect("c1");
    fixture.batches(Builders.batch("foreign").append("account_id", "acc-peru-001"));
    assertThatThrownBy(() -> subscribe("c1", "foreign")).isInstanceOf(BatchNotFoundException.class);
    String overview =
        "{\"action\":\"subscribe\",\"overview\":true,\"account_id\":\"acc-peru-001\"}";
    assertThatThrownBy(() -> clients.answer("c1", overview))
        .isInstanceOf(ForeignAccountException.class);
  }

  @Test
  void onlyTheSameUserRenews() {
    connect("c1");
    fixture.db().connections().updateMany(new Document(), set("authorized_until", new Date(0)));
    fixture.batches(Builders.batch("b1"));
    assertThatThrownBy(() -> subscribe("c1", "b1")).isInstanceOf(UnauthenticatedException.class);
    Map<String, String> eve = new HashMap<>(ANA);
    eve.put("sub", "eve");
    assertThatThrownBy(() -> renew("c1", eve))
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessageContaining("ticket");
    assertThatThrownBy(() -> clients.answer("c1", "{\"action\":\"renew\",\"ticket\":\"x\"}"))
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessageContaining("ticket");
    assertThat(renew("c1", ANA)).isEqualTo("{\"type\":\"renewed\"}");
    subscribe("c1", "b1");
  }

  @Test
  void anUnreadableEndOfATokenHasPassed() {
    fixture.batches(Builders.batch("b1"));
    Map<String, String> claims = new HashMap<>(ANA);
    claims.put("exp", "in an hour");
    assertThat(clients.admit("c1", Optional.of(tickets.issue(claims)))).isTrue();
    assertThatThrownBy(() -> subscribe("c1", "b1")).isInstanceOf(UnauthenticatedException.class);
    claims.put("exp", "99999999999");
    renew("c1", claims);
    subscribe("c1", "b1");
  }

  @Test
  void aPingIsAnswered() {
    connect("c1");
    assertThat(ping("c1")).isEqualTo("{\"type\":\"pong\"}");
  }

  @Test
  void aPingTellsThatTheConnectionIsForgotten() {
    connect("c1");
    fixture.db().connections().deleteMany(new Document());
    assertThatThrownBy(() -> ping("c1")).isInstanceOf(UnauthenticatedException.class);
  }

  @Test
  void aPingTellsThatTheTokenHasEnded() {
    connect("c1");
    fixture.db().connections().updateMany(new Document(), set("authorized_until", new Date(0)));
    assertThatThrownBy(() -> ping("c1")).isInstanceOf(UnauthenticatedException.class);
  }

  @Test
  void whoIsNotConnectedSubscribesToNothing() {
    fixture.batches(Builders.batch("b1"));
    assertThatThrownBy(() -> subscribe("nobody", "b1"))
        .isInstanceOf(UnauthenticatedException.class);
  }

  /** Makes it the oldest connection. */
  private void connectedBefore(String id) {
    Document expires = new Document("$min", new Document("expires_at", inAnHour()));
    fixture.db().connections().updateOne(eq("_id", id), expires);
  }

  private static Date inAnHour() {
    return Date.from(Instant.now().plus(Duration.ofHours(1)));
  }

  private List<String> displaced() {
    return fixture
        .db()
        .connections()
        .find(eq("displaced", true))
        .map(each -> each.getString("_id"))
        .into(new ArrayList<>());
  }

  private void connect(String id) {
    assertThat(clients.admit(id, Optional.of(tickets.issue(ANA)))).isTrue();
  }

  private String ping(String id) {
    return clients.answer(id, "{\"action\":\"ping\"}");
  }

  private void subscribe(String id, String batch) {
    clients.answer(id, "{\"action\":\"subscribe\",\"batch_id\":\"" + batch + "\"}");
  }

  private String renew(String id, Map<String, String> claims) {
    return clients.answer(
        id, "{\"action\":\"renew\",\"ticket\":\"" + tickets.issue(claims) + "\"}");
  }
}

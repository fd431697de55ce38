package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandSucceededEvent;
import dev.pulso.Pulso;
import dev.pulso.fixture.Builders;
import dev.pulso.fixture.Eventually;
import dev.pulso.local.database.Relay;
import java.io.IOException;
import java.time.Duration;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A cancel whose marker is set has happened, whatever fails after it. */
class CutOffCancelIT {
  @AutoClose private static final ContractDatabase database = ContractDatabase.open();

  @Test
  void outageAfterMarkerIsAccepted() throws IOException {
    String batch = database.batch();
    database.jobs(Builders.job(batch, "pending"), Builders.job(batch, "done"));

    try (Relay relay = Relay.toMongo();
        Pulso dying = database.another(relay.port(), new CutAfterMarker(relay))) {
      Api api = new Api(dying);
      Call cancel = Call.to("POST", Api.CANCEL).of(batch).with("reason=basta");
      // A busy server may be too late for the marker.
      Reply reply =
          Eventually.answer(
              Duration.ofSeconds(60), () -> api.send(cancel), answer -> answer.status() != 503);
      assertThat(reply.status()).as(reply.body()).isEqualTo(202);
      assertThat(reply.json().getString("reason")).isEqualTo("basta");
    }
    Document marked = database.stored(batch);
    assertThat(marked.get("cancelled_at")).isNotNull();
    assertThat(database.storedJobs(batch))
        .extracting(j -> j.getString("status"))
        .contains("pending");

    Eventually.isTrue(
        Duration.ofSeconds(30),
        () -> database.pulso().runUpkeep(Duration.ofSeconds(20)).cancelsOpen() == 0);
    assertThat(database.storedJobs(batch))
        .extracting(j -> j.getString("status"))
        .containsExactly("cancelled", "done");
  }

  /** Cuts the connection after the update that sets the marker. */
  private record CutAfterMarker(Relay relay) implements CommandListener {
    @Override
    public void commandSucceeded(CommandSucceededEvent event) {
      if (event.getCommandName().equals("findAndModify")) {
        relay.cut(false);
      }
    }
  }
}

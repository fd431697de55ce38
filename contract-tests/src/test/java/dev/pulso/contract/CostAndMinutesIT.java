package dev.pulso.contract;

import static dev.pulso.fixture.Builders.call;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.summarised;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a status shows of the cost and the length of calls. */
class CostAndMinutesIT {
  @AutoClose private static final ContractDatabase database = ContractDatabase.open();

  @Test
  void sumsHaveNoBinaryNoise() {
    String id = database.batch();
    database.jobs(
        job(id, "done").append("call_result", call(10.0, 20_000)),
        job(id, "done").append("call_result", call(20.0, 20_000)),
        job(id, "done").append("call_result", call(0.1, 20_000)),
        job(id, "done").append("call_result", summarised(0.2, 100L)));
    Reply reply = database.api().status(id).ok();
    assertThat(reply.body())
        .contains("\"total_cost\":0.303,")
        .contains("\"total_minutes\":1.0017,");
  }

  @Test
  void sumsMayExceedLimitOfOneCall() {
    String id = database.batch();
    database.jobs(
        job(id, "done").append("call_result", call(8e14, 60_000)),
        job(id, "done").append("call_result", call(8e14, 60_000)));
    assertThat(database.api().status(id).decimal("total_cost"))
        .isEqualByComparingTo(new BigDecimal("1.6e13"));
  }
}

package dev.pulso.counting;

import static dev.pulso.fixture.Builders.batch;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ExplainVerbosity;
import dev.pulso.overview.Overview;
import dev.pulso.overview.View;
import java.util.Arrays;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Which batches the sums of overviews hold, and which are read for a refresh. */
class SummedBatchesIT extends ActiveSumsWorld {
  @Test
  void oddValuesAddUpAsTheyAreRead() {
    List<Object> values = Arrays.asList(null, -1, 2.5, 0.1, "3", Double.NaN, 1e300, List.of(4));
    for (Object value : values) {
      fixture.batches(
          batch("odd" + made++)
              .append("account_id", List.of("acc-0"))
              .append("total_jobs", value)
              .append("total_cost", value)
              .append("total_minutes", value));
      insert();
      set("b" + (made - 1), new Document("is_active", true).append("pulso.figures", value));
    }
    refresh(fixture.pulso());
    Overview.Batches summed = overview(View.ALL).batches();
    fixture.db().progress().updateOne(COUNTING, Document.parse("{$unset: {active: 1}}"));
    assertThat(overview(View.ALL).batches()).isEqualTo(summed);
    assertThat(summed.cost()).isEqualByComparingTo("2.6");
  }

  @Test
  void readsNoBatchThatStays() {
    for (int i = 0; i < 100; i++) {
      insert();
      set("b" + (made - 1), new Document("pulso.figures.total", 7L));
    }
    refresh(fixture.pulso());
    writeSnapshot("b" + (made - 1), Long.MAX_VALUE);
    Document sums = sums();
    Document plan =
        fixture
            .db()
            .batches()
            .find(new SumChanges(fixture.db()).since(sums.getLong("folded"), sums.getLong("seq")))
            .explain(ExplainVerbosity.EXECUTION_STATS);
    long read = plan.get("executionStats", Document.class).getInteger("totalDocsExamined");
    // The uncounted ones, and the one that was recounted.
    assertThat(read).isBetween(1L, 11L);
  }
}

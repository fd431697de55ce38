package dev.pulso.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.batch.BatchAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PollLimitTest {
  private static final String BATCH = "batch-20251015-abc12345";
  private static final Caller ANA = caller("ana", true);

  private final PollLimit limit = new PollLimit(RateLimit.parse("1/5s").map(LocalRateLimiter::new));

  @Test
  void offDisablesLimit() {
    PollLimit off = new PollLimit(RateLimit.parse("off").map(LocalRateLimiter::new));
    for (int i = 0; i < 100; i++) {
      assertThat(off.admit(ANA, BATCH)).isEmpty();
    }
  }

  @Test
  void unavailableLimiterAdmitsPolls() {
    PollLimit away = new PollLimit(Optional.of((subject, address) -> Optional.empty()));
    assertThat(away.admit(ANA, BATCH)).isEmpty();
  }

  @Test
  void missingScopeIsRefusedBeforeCounting() {
    Caller blind = caller("ana", false);
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> limit.admit(blind, BATCH)).isInstanceOf(ForbiddenException.class);
    }
    assertThat(limit.admit(ANA, BATCH)).isNotEmpty();
  }

  @Test
  void hexAddressIsCaseInsensitive() {
    for (int i = 0; i < 2; i++) {
      limit.admit(ANA, new BatchAddress("65a4f0c2b7e8d9001122aabb").canonical());
      limit.admit(ANA, new BatchAddress("65A4F0C2B7E8D9001122AABB").canonical());
    }
    assertThatThrownBy(
            () -> limit.admit(ANA, new BatchAddress("65A4f0c2B7e8d9001122aaBB").canonical()))
        .isInstanceOf(RateLimitedException.class);
  }

  private static Caller caller(String subject, boolean mayRead) {
    return new Caller(Optional.of(subject), Accounts.ALL, mayRead, false);
  }
}

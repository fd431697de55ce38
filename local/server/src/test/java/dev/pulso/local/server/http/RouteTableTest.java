package dev.pulso.local.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.local.server.http.RouteTable.Match;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouteTableTest {
  private static final LambdaFunction FUNCTION =
      new LambdaFunction("F", Duration.ofSeconds(1), 128, (event, context) -> null);

  private final RouteTable routes =
      new RouteTable(
          List.of(
              new Route("ANY", "/things/{id}", FUNCTION),
              new Route("GET", "/things/{id}", FUNCTION),
              new Route("ANY", "/things/best", FUNCTION),
              new Route("ANY", "$default", FUNCTION)));

  @Test
  void exactMethodComesBeforeAny() {
    assertThat(key("GET", "/things/1")).isEqualTo("GET /things/{id}");
    assertThat(key("POST", "/things/1")).isEqualTo("ANY /things/{id}");
  }

  @Test
  void fixedSegmentsComeBeforeVariableOnes() {
    assertThat(key("POST", "/things/best")).isEqualTo("ANY /things/best");
  }

  @Test
  void defaultRouteTakesTheRest() {
    assertThat(key("GET", "/things/1/2")).isEqualTo("$default");
    assertThat(key("GET", "/things/")).isEqualTo("$default");
    assertThat(new RouteTable(List.of()).find("GET", "/")).isEmpty();
  }

  @Test
  void encodedSlashesDoNotPartSegments() {
    assertThat(routes.find("GET", "/things/a%2Fb").orElseThrow().pathParameters())
        .isEqualTo(Map.of("id", "a/b"));
  }

  private String key(String method, String path) {
    return routes.find(method, path).map(Match::route).map(Route::key).orElseThrow();
  }
}

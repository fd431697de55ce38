package dev.pulso.local.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClaimStringsTest {
  @Test
  void everyValueIsAString() throws ParseException {
    assertThat(
            strings(
                """
                {"sub": "u", "exp": 1787996002, "share": 0.5, "email_verified": true,
                 "account_ids": ["acc-1", "acc-2"], "none": [], "mixed": ["a", 1, false],
                 "address": {"city": "Lima"}, "middle_name": null}
                """))
        .isEqualTo(
            Map.of(
                "sub", "u",
                "exp", "1787996002",
                "share", "0.5",
                "email_verified", "true",
                "account_ids", "[acc-1 acc-2]",
                "none", "[]",
                "mixed", "[a 1 false]",
                "address", "{\"city\":\"Lima\"}"));
  }

  private static Map<String, String> strings(String json) throws ParseException {
    return ClaimStrings.of(JSONObjectUtils.parse(json));
  }
}

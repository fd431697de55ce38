package dev.pulso.contract;

import java.util.List;

/** Hostile inputs. */
final class Hostile {
  private static final String HEX_24 = "0123456789ABCDEF01234567";

  private Hostile() {}

  /** Returns texts, decoded. */
  static List<String> texts() {
    return List.of(
        // Operators and expressions of the database.
        "{\"$gt\":\"\"}",
        "{\"$ne\":null}",
        "{\"$where\":\"sleep(9000)||true\"}",
        "[{\"$match\":{}}]",
        "$where",
        "$batch_id",
        "$$ROOT",
        "$$NOW",
        "a.$[].b",
        "'||this.batch_id!=''||'",
        "\"});db.jobs.drop();({\"",
        "ObjectId(\"0123456789abcdef01234567\")",
        "/.*/",
        // Patterns that never end, or match everything.
        ".*",
        "^(a+)+$",
        "a".repeat(150) + "!",
        "\"".repeat(199),
        "W/".repeat(99) + "\"",
        // Control characters and look-alikes.
        "a\u0000b",
        "\u0000",
        "a\r\nSet-Cookie: sid=1\r\n\r\n<html>",
        "\u001b[2J",
        "\u202edesrever\u202c",
        "\u200b\u2060",
        "\u2028\u2029",
        "\ufeffmark",
        "\uffff",
        "\ud800",
        "\udfff\ud800",
        "e\u0301".repeat(60),
        "👩‍👩‍👧‍👦".repeat(9),
        // Invalid numbers and ids.
        "9".repeat(190),
        "1e999",
        "-0.0",
        "NaN",
        HEX_24,
        HEX_24 + "0",
        "０１２３４５６７８９０１２３４５６７８９０１２３",
        "true",
        "null",
        // Too long.
        "x".repeat(201),
        "x".repeat(9_000),
        "[".repeat(5_000),
        "{\"a\":".repeat(1_500),
        // Other languages.
        "__proto__",
        "constructor",
        "hasOwnProperty",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "${jndi:ldap://127.0.0.1/a}",
        "#{7*7}{{7*7}}",
        "' OR '1'='1",
        "; cat /etc/passwd",
        "../../../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "%c0%af");
  }

  /** Returns raw path segments in place of a batch_id. */
  static List<String> segments() {
    return List.of(
        "%2F",
        "..%2F..%2Fdashboard%2Foverview",
        "%252F",
        "%5C..%5C",
        "%2e%2e",
        ".",
        "..",
        ";jsessionid=1",
        "%00",
        "a%00b",
        "%0d%0aSet-Cookie:%20sid=1",
        "%0aX-Injected:%201",
        "%E5%98%8A%E5%98%8DSet-Cookie:sid=1",
        "%",
        "%4",
        "%zz",
        "%u0041",
        "%FF",
        "%C0%AF",
        "%C0%AE%C0%AE",
        "%E0%80%AF",
        "%ED%A0%80",
        "%ED%BF%BF",
        "%F4%90%80%80",
        "%F8%88%80%80%80",
        "%EF%BF%BF",
        "%E2%80%AE",
        "%7B%22%24gt%22%3A%22%22%7D",
        "{\"$gt\":\"\"}",
        "[$ne]",
        "%24where",
        "__proto__",
        "<script>",
        "a%20b",
        "a+b",
        "a\tb",
        "a b",
        "x".repeat(201),
        "x".repeat(9_000));
  }

  /** Returns raw queries. */
  static List<String> queries() {
    return List.of(
        "account_id[$ne]=x&reason[$ne]=x",
        "account_id[]=x&reason[]=x",
        "account_id.$gt=&reason.$gt=",
        "$where=1&__proto__[admin]=1&constructor.prototype.admin=1",
        "account_id=%7B%22%24gt%22%3A%22%22%7D&reason=%7B%22%24gt%22%3A%22%22%7D",
        "account_id=a&account_id=b&reason=a&reason=b",
        "account%5Fid=a&account_id=b",
        "account_id=%00&reason=%00",
        "account_id=%0d%0aSet-Cookie:%20sid=1&reason=%0d%0aSet-Cookie:%20sid=1",
        "account_id=%FF&reason=%FF",
        "account_id=%C0%80&reason=%C0%80",
        "account_id=%ED%A0%80&reason=%ED%A0%80",
        "account_id=%&reason=%",
        "account_id=%e2%80%ae&reason=%e2%80%ae",
        "&&&=&=&&",
        "=",
        "?",
        "a=b?c=d",
        "reason=" + "x".repeat(9_000),
        "a".repeat(4_000) + "=" + "b".repeat(4_000),
        "a=1&".repeat(2_000));
  }
}

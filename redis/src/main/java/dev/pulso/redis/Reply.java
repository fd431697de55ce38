package dev.pulso.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The reply of a script.
 *
 * @param parts whole numbers and texts
 */
record Reply(List<?> parts) {
  long number(int index) {
    return (Long) parts.get(index);
  }

  String text(int index) {
    return new String((byte[]) parts.get(index), StandardCharsets.UTF_8);
  }
}

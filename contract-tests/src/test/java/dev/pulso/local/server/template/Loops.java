package dev.pulso.local.server.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Expands {@code Fn::ForEach} like {@code AWS::LanguageExtensions}. */
final class Loops {
  private Loops() {}

  static Map<?, ?> writtenOut(Map<?, ?> section) {
    Map<Object, Object> all = new LinkedHashMap<>();
    section.forEach(
        (name, content) -> {
          if (name.toString().startsWith("Fn::ForEach::")) {
            List<?> loop = (List<?>) content;
            for (Object value : (List<?>) loop.get(1)) {
              all.putAll((Map<?, ?>) with(loop.get(0).toString(), value, loop.get(2)));
            }
          } else {
            all.put(name, content);
          }
        });
    return all;
  }

  private static Object with(String variable, Object value, Object content) {
    return switch (content) {
      case Map<?, ?> map when map.equals(Map.of("Ref", variable)) -> value;
      case Map<?, ?> map -> {
        Map<Object, Object> copy = new LinkedHashMap<>();
        map.forEach((k, v) -> copy.put(with(variable, value, k), with(variable, value, v)));
        yield copy;
      }
      case List<?> list -> list.stream().map(item -> with(variable, value, item)).toList();
      case String text -> text.replace("${" + variable + "}", value.toString());
      default -> content;
    };
  }
}

package dev.pulso.local.server.template;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A mapping of the template; empty if it is missing.
 *
 * @param path its place, for messages
 */
record Section(String path, Map<?, ?> values) {
  static Section root(Object document) {
    return of("The template", document);
  }

  private static Section of(String path, Object value) {
    return switch (value) {
      case null -> new Section(path, Map.of());
      case Map<?, ?> map -> new Section(path, map);
      default -> throw new TemplateException(path + " is not a mapping.");
    };
  }

  Set<String> names() {
    return values.keySet().stream()
        .map(String::valueOf)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  Section section(String name) {
    return of(pathOf(name), values.get(name));
  }

  Optional<Object> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  Optional<String> text(String name) {
    return switch (values.get(name)) {
      case null -> Optional.empty();
      case String text -> Optional.of(text);
      default -> throw new TemplateException(pathOf(name) + " is not a plain string.");
    };
  }

  Optional<Integer> number(String name) {
    return switch (values.get(name)) {
      case null -> Optional.empty();
      case Integer number -> Optional.of(number);
      default -> throw new TemplateException(pathOf(name) + " is not a plain number.");
    };
  }

  /**
   * Returns this mapping. If a condition selects it, returns the variant for true: everything
   * optional is on here.
   */
  Section unconditional() {
    return values.get("Fn::If") instanceof List<?> branches && branches.size() == 3
        ? of(path, branches.get(1))
        : this;
  }

  private String pathOf(String name) {
    return values.isEmpty() || path.equals("The template") ? name : path + "." + name;
  }
}

package dev.pulso.local.server.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Evaluates expressions of a template with the defaults of its parameters. */
final class Values {
  private final Section parameters;

  Values(Section parameters) {
    this.parameters = parameters;
  }

  /** Returns a list of strings; values that are unknown on this machine are left out. */
  List<String> list(Optional<Object> value) {
    return value.stream().flatMap(this::texts).toList();
  }

  private Stream<String> texts(Object value) {
    return switch (value) {
      case List<?> list -> list.stream().flatMap(this::texts);
      case Map<?, ?> call when call.get("Fn::Split") instanceof List<?> parts ->
          split(parts.getFirst().toString(), parts.getLast());
      case Map<?, ?> call when call.get("Ref") instanceof String name -> parameter(name);
      case Map<?, ?> _ -> Stream.empty();
      default -> Stream.of(value.toString());
    };
  }

  private Stream<String> split(String separator, Object text) {
    return texts(text)
        .flatMap(whole -> Stream.of(whole.split(Pattern.quote(separator))))
        .map(String::strip)
        .filter(part -> !part.isEmpty());
  }

  private Stream<String> parameter(String name) {
    Section parameter = parameters.section(name);
    Stream<String> text = parameter.value("Default").map(Object::toString).stream();
    boolean isList = parameter.text("Type").filter("CommaDelimitedList"::equals).isPresent();
    return isList ? text.flatMap(whole -> split(",", whole)) : text;
  }
}

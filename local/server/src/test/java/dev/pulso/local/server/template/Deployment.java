package dev.pulso.local.server.template;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a template comes to with certain parameters, as far as it says so itself: conditions and
 * rules are decided, references to parameters replaced; those to resources stay as they are.
 */
final class Deployment {
  private static final Object NO_VALUE = new Object();

  private final Map<?, ?> template;
  private final Map<String, String> parameters = new HashMap<>();

  /**
   * @param file the template
   * @param given parameters and their values; the others have their defaults
   */
  Deployment(Path file, Map<String, String> given) throws IOException {
    try (Reader text = Files.newBufferedReader(file)) {
      template = (Map<?, ?>) CloudFormationYaml.load(text);
    }
    map(template, "Parameters")
        .forEach(
            (name, parameter) -> {
              if (((Map<?, ?>) parameter).get("Default") instanceof Object value) {
                parameters.put(name.toString(), value.toString());
              }
            });
    parameters.putAll(given);
  }

  /** What the rules say against it; nothing, if it may be deployed. */
  List<String> refusals() {
    List<String> refusals = new ArrayList<>();
    for (Object each : map(template, "Rules").values()) {
      Map<?, ?> rule = (Map<?, ?>) each;
      if (!rule.containsKey("RuleCondition") || holds(rule.get("RuleCondition"))) {
        for (Object assertion : (List<?>) rule.get("Assertions")) {
          if (!holds(((Map<?, ?>) assertion).get("Assert"))) {
            refusals.add(((Map<?, ?>) assertion).get("AssertDescription").toString());
          }
        }
      }
    }
    return refusals;
  }

  /** The properties of all resources of a type, by their names. */
  Map<String, Map<?, ?>> all(String type) {
    Map<String, Map<?, ?>> found = new LinkedHashMap<>();
    map(template, "Resources")
        .forEach(
            (name, resource) -> {
              if (type.equals(((Map<?, ?>) resource).get("Type"))) {
                found.put(name.toString(), properties((Map<?, ?>) resource));
              }
            });
    return found;
  }

  /** The properties of a resource. */
  Map<?, ?> resource(String name) {
    return properties(map(map(template, "Resources"), name));
  }

  /** What a function's environment holds for a variable, its own or everybody's. */
  Object variable(Map<?, ?> function, String name) {
    Object own = map(map(function, "Environment"), "Variables").get(name);
    Map<?, ?> defaults = map(map(template, "Globals"), "Function");
    Object common = map(map(defaults, "Environment"), "Variables").get(name);
    return own != null ? own : resolved(common);
  }

  /** A mapping in another, empty if it is not there. */
  static Map<?, ?> map(Map<?, ?> parent, String name) {
    return parent.get(name) instanceof Map<?, ?> map ? map : Map.of();
  }

  private Map<?, ?> properties(Map<?, ?> resource) {
    return (Map<?, ?>) resolved(map(resource, "Properties"));
  }

  private boolean holds(Object condition) {
    return Boolean.TRUE.equals(resolved(condition));
  }

  private Object resolved(Object value) {
    return switch (value) {
      case Map<?, ?> call when call.size() == 1 -> called(call);
      case Map<?, ?> map -> mapping(map);
      case List<?> list ->
          list.stream().map(this::resolved).filter(item -> item != NO_VALUE).toList();
      case null, default -> value;
    };
  }

  private Map<?, ?> mapping(Map<?, ?> map) {
    Map<Object, Object> resolved = new LinkedHashMap<>();
    map.forEach(
        (name, value) -> {
          Object result = resolved(value);
          if (result != NO_VALUE) {
            resolved.put(name, result);
          }
        });
    return resolved;
  }

  private Object called(Map<?, ?> call) {
    String function = call.keySet().iterator().next().toString();
    Object argument = call.get(function);
    List<?> arguments = argument instanceof List<?> list ? list : List.of();
    return switch (function) {
      case "Ref" -> reference(argument.toString(), call);
      case "Fn::If" -> resolved(arguments.get(condition(arguments.getFirst().toString()) ? 1 : 2));
      case "Fn::Equals" -> text(arguments.getFirst()).equals(text(arguments.getLast()));
      case "Fn::Not" -> !holds(arguments.getFirst());
      case "Fn::And" -> arguments.stream().allMatch(this::holds);
      case "Fn::Or" -> arguments.stream().anyMatch(this::holds);
      case "Fn::Split" -> List.of(text(arguments.getLast()).split(arguments.getFirst().toString()));
      case "Fn::Join" -> joined(arguments.getFirst().toString(), arguments.getLast());
      default -> mapping(call);
    };
  }

  private Object reference(String name, Map<?, ?> call) {
    if (name.equals("AWS::NoValue")) {
      return NO_VALUE;
    }
    return parameters.containsKey(name) ? parameters.get(name) : call;
  }

  private boolean condition(String name) {
    return holds(map(template, "Conditions").get(name));
  }

  private String joined(String separator, Object parts) {
    return resolved(parts) instanceof List<?> list
        ? String.join(separator, list.stream().map(String::valueOf).toList())
        : text(parts);
  }

  private String text(Object value) {
    return String.valueOf(resolved(value));
  }
}

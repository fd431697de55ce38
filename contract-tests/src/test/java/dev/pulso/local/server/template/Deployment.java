package dev.pulso.local.server.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A template evaluated with parameters: loops are expanded, conditions and rules decided,
 * parameters and mappings replaced. References to resources stay.
 */
public final class Deployment {
  private static final Object NO_VALUE = new Object();

  private final Path file;
  private final Map<?, ?> template;
  private final Map<?, ?> resources;
  private final Map<String, Object> parameters = new HashMap<>();

  /**
   * @param file the template
   * @param given parameters and their values; the others have their defaults
   */
  public Deployment(Path file, Map<String, ?> given) throws IOException {
    this.file = file;
    try (Reader text = Files.newBufferedReader(file)) {
      template = (Map<?, ?>) CloudFormationYaml.load(text);
    }
    resources = Loops.writtenOut(map(template, "Resources"));
    map(template, "Parameters")
        .forEach(
            (name, parameter) -> {
              if (((Map<?, ?>) parameter).get("Default") instanceof Object value) {
                parameters.put(name.toString(), value.toString());
              }
            });
    parameters.putAll(given);
  }

  /** Returns the declaration of a parameter. */
  Map<?, ?> parameter(String name) {
    return map(map(template, "Parameters"), name);
  }

  /** Returns a nested stack, with the parameters that this template passes. */
  Deployment nested(String name) throws IOException {
    Map<?, ?> stack = resource(name);
    Map<String, Object> given = new HashMap<>();
    map(stack, "Parameters").forEach((parameter, value) -> given.put(parameter.toString(), value));
    return new Deployment(file.resolveSibling(stack.get("TemplateURL").toString()), given);
  }

  /** Returns the violated rules; empty if it can be deployed. */
  public List<String> refusals() {
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

  /** Returns the properties of all resources of a type, by name. */
  Map<String, Map<?, ?>> all(String type) {
    Map<String, Map<?, ?>> found = new LinkedHashMap<>();
    resources.forEach(
        (name, resource) -> {
          if (type.equals(((Map<?, ?>) resource).get("Type")) && exists((Map<?, ?>) resource)) {
            found.put(name.toString(), properties((Map<?, ?>) resource));
          }
        });
    assertThat(found).as(type).isNotEmpty();
    return found;
  }

  private boolean exists(Map<?, ?> resource) {
    return !resource.containsKey("Condition") || condition(resource.get("Condition").toString());
  }

  /** Returns the properties of a resource. */
  public Map<?, ?> resource(String name) {
    return properties(map(resources, name));
  }

  /** Returns the names of the resources that must exist before this one. */
  List<Object> dependencies(String name) {
    Object named = map(resources, name).get("DependsOn");
    return named instanceof List<?> list ? List.copyOf(list) : List.of(named);
  }

  /** Returns a function's environment variable, its own or from Globals. */
  Object variable(Map<?, ?> function, String name) {
    Object own = map(map(function, "Environment"), "Variables").get(name);
    Object common = map(map(common(), "Environment"), "Variables").get(name);
    return own != null ? own : resolved(common);
  }

  /** Returns what all functions have, from Globals. */
  Map<?, ?> common() {
    return map(map(template, "Globals"), "Function");
  }

  /** Returns a nested mapping; empty if it is missing. */
  public static Map<?, ?> map(Map<?, ?> parent, String name) {
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
      case "Ref" -> reference(text(argument));
      case "Fn::FindInMap" -> found(arguments);
      case "Fn::Sub" -> substituted(arguments.isEmpty() ? List.of(argument, Map.of()) : arguments);
      case "Fn::If" -> resolved(arguments.get(condition(arguments.getFirst().toString()) ? 1 : 2));
      case "Fn::Equals" -> text(arguments.getFirst()).equals(text(arguments.getLast()));
      case "Fn::EachMemberEquals" ->
          ((List<?>) resolved(arguments.getFirst()))
              .stream().allMatch(member -> text(member).equals(text(arguments.getLast())));
      case "Fn::Not" -> !holds(arguments.getFirst());
      case "Fn::And" -> arguments.stream().allMatch(this::holds);
      case "Fn::Or" -> arguments.stream().anyMatch(this::holds);
      case "Fn::Split" -> split(text(arguments.getLast()), arguments.getFirst().toString());
      case "Fn::Select" ->
          ((List<?>) resolved(arguments.getLast()))
              .get(Integer.parseInt(text(arguments.getFirst())));
      case "Fn::Join" -> joined(arguments.getFirst().toString(), arguments.getLast());
      default -> mapping(call);
    };
  }

  private Object reference(String name) {
    if (name.equals("AWS::NoValue")) {
      return NO_VALUE;
    }
    if (!parameters.containsKey(name)) {
      return Map.of("Ref", name);
    }
    boolean isList = "CommaDelimitedList".equals(parameter(name).get("Type"));
    return isList ? split(text(parameters.get(name)), ",") : parameters.get(name);
  }

  private Object found(List<?> keys) {
    Map<?, ?> mapping = map(map(template, "Mappings"), keys.get(0).toString());
    return map(mapping, text(keys.get(1))).get(text(keys.get(2)));
  }

  /** Substitutes known values; names of resources stay. */
  private Object substituted(List<?> textAndValues) {
    Map<?, ?> own = (Map<?, ?>) textAndValues.getLast();
    String text =
        Pattern.compile("\\$\\{(\\w+)}")
            .matcher(textAndValues.getFirst().toString())
            .replaceAll(
                match -> {
                  String name = match.group(1);
                  Object value = own.containsKey(name) ? own.get(name) : Map.of("Ref", name);
                  return Matcher.quoteReplacement(text(value));
                });
    return text.contains("${") ? Map.of("Fn::Sub", text) : text;
  }

  private static List<String> split(String text, String separator) {
    return List.of(text.split(Pattern.quote(separator)));
  }

  private boolean condition(String name) {
    return holds(map(template, "Conditions").get(name));
  }

  private String joined(String separator, Object parts) {
    return resolved(parts) instanceof List<?> list
        ? String.join(separator, list.stream().map(this::text).toList())
        : text(parts);
  }

  /** Writes references to resources as in {@code Fn::Sub}. */
  String text(Object value) {
    return switch (resolved(value)) {
      case Map<?, ?> call when call.get("Ref") instanceof String name -> "${" + name + "}";
      case Map<?, ?> call when call.get("Fn::GetAtt") instanceof String name -> "${" + name + "}";
      case Map<?, ?> call when call.get("Fn::GetAtt") instanceof List<?> parts ->
          "${" + parts.getFirst() + "." + parts.getLast() + "}";
      case Map<?, ?> call when call.get("Fn::Sub") instanceof String text -> text;
      case null -> "";
      case Object other -> other.toString();
    };
  }
}

package dev.pulso.local.server.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Policies as IAM evaluates them: a deny wins, and what nothing allows is denied. */
final class Rights {
  private static final Set<Object> PARTS =
      Set.of("Sid", "Effect", "Action", "Resource", "Condition");

  /** Values of a key with several, separated by commas. */
  record Request(String action, String resource, Map<String, String> context) {}

  private final Deployment deployment;
  private final List<Map<?, ?>> statements = new ArrayList<>();

  /**
   * @param deployment writes out the values of the documents; names of its resources stay
   * @param documents the policies
   */
  Rights(Deployment deployment, List<Map<?, ?>> documents) {
    this.deployment = deployment;
    for (Map<?, ?> document : documents) {
      for (Object statement : (List<?>) document.get("Statement")) {
        assertThat(PARTS.containsAll(((Map<?, ?>) statement).keySet()))
            .as("%s", statement)
            .isTrue();
        statements.add((Map<?, ?>) statement);
      }
    }
  }

  boolean allow(Request request) {
    return statements.stream().anyMatch(statement -> applies("Allow", statement, request))
        && statements.stream().noneMatch(statement -> applies("Deny", statement, request));
  }

  private boolean applies(String effect, Map<?, ?> statement, Request request) {
    return effect.equals(statement.get("Effect"))
        && texts(statement.get("Action")).stream().anyMatch(each -> like(each, request.action()))
        && texts(statement.get("Resource")).stream()
            .anyMatch(each -> like(each, request.resource()))
        && Deployment.map(statement, "Condition").entrySet().stream()
            .allMatch(operator -> holds(operator, request.context()));
  }

  private boolean holds(Map.Entry<?, ?> operator, Map<String, String> context) {
    return ((Map<?, ?>) operator.getValue())
        .entrySet().stream()
            .allMatch(
                key ->
                    holds(
                        operator.getKey().toString(),
                        context.get(key.getKey().toString()),
                        texts(key.getValue())));
  }

  private static boolean holds(String operator, String value, List<String> wanted) {
    return switch (operator) {
      case "StringEquals" -> wanted.contains(value);
      case "StringNotEquals" -> !wanted.contains(value);
      case "StringLike" -> value != null && wanted.stream().anyMatch(each -> like(each, value));
      case "Null" -> wanted.contains(String.valueOf(value == null));
      case "ForAllValues:StringEquals" ->
          value == null || wanted.containsAll(List.of(value.split(",")));
      default -> throw new AssertionError("unknown operator " + operator);
    };
  }

  /**
   * Returns a request for each action and resource that is allowed.
   *
   * @param names returns the name of a resource for a reference to it
   */
  List<Request> requests(UnaryOperator<String> names, Map<String, String> context) {
    List<Request> requests = new ArrayList<>();
    for (Map<?, ?> statement : statements) {
      if ("Allow".equals(statement.get("Effect"))) {
        for (String resource : texts(statement.get("Resource"))) {
          String name = names.apply(resource);
          texts(statement.get("Action"))
              .forEach(action -> requests.add(new Request(action, name, context)));
        }
      }
    }
    return requests;
  }

  /** Returns one or several values, with the names of an account and a region. */
  private List<String> texts(Object values) {
    return (values instanceof List<?> list ? list : List.of(values))
        .stream()
            .map(deployment::text)
            .map(text -> text.replace("${AWS::Partition}", "aws"))
            .map(text -> text.replace("${AWS::Region}", "eu-west-1"))
            .map(text -> text.replace("${AWS::AccountId}", "123456789012"))
            .map(text -> text.replace("${AWS::StackName}", "pulso-prod"))
            .toList();
  }

  private static boolean like(String pattern, String text) {
    String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
    return text.matches(regex);
  }
}

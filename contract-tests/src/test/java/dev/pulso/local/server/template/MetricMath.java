package dev.pulso.local.server.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Evaluates an expression of CloudWatch's metric math at one point in time. NaN is a missing value:
 * what is computed from one is missing too, unless FILL replaces it. Knows the functions FILL and
 * IF.
 */
final class MetricMath {
  private static final Pattern TOKEN = Pattern.compile("\\s*(>=|<=|\\w+(?:\\.\\d+)?|[-+*/(),<>])");

  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Double> values;
  private int next;

  private MetricMath(String expression, Map<String, Double> values) {
    this.values = values;
    Matcher matcher = TOKEN.matcher(expression);
    while (matcher.lookingAt()) {
      tokens.add(matcher.group(1));
      matcher.region(matcher.end(), expression.length());
    }
    if (!expression.substring(matcher.regionStart()).isBlank()) {
      throw new IllegalArgumentException(expression);
    }
  }

  /** Returns the value of an expression over these metrics; NaN if it has none. */
  static double value(String expression, Map<String, Double> values) {
    MetricMath math = new MetricMath(expression, values);
    double value = math.comparison();
    if (math.next < math.tokens.size()) {
      throw new IllegalArgumentException(expression);
    }
    return value;
  }

  private double comparison() {
    double left = sum();
    while (isAt(">", "<", ">=", "<=")) {
      String operator = take();
      double right = sum();
      boolean holds =
          switch (operator) {
            case ">" -> left > right;
            case "<" -> left < right;
            case ">=" -> left >= right;
            default -> left <= right;
          };
      left = Double.isNaN(left + right) ? Double.NaN : holds ? 1 : 0;
    }
    return left;
  }

  private double sum() {
    double left = product();
    while (isAt("+", "-")) {
      left = take().equals("+") ? left + product() : left - product();
    }
    return left;
  }

  private double product() {
    double left = operand();
    while (isAt("*", "/")) {
      boolean multiplies = take().equals("*");
      double right = operand();
      left = multiplies ? left * right : right == 0 ? Double.NaN : left / right;
    }
    return left;
  }

  private double operand() {
    String token = take();
    if (token.equals("(")) {
      double inner = comparison();
      expect(")");
      return inner;
    }
    if (isAt("(")) {
      return call(token, arguments());
    }
    if (values.containsKey(token)) {
      return values.get(token);
    }
    return Double.parseDouble(token);
  }

  private List<Double> arguments() {
    List<Double> arguments = new ArrayList<>();
    do {
      take();
      arguments.add(comparison());
    } while (isAt(","));
    expect(")");
    return arguments;
  }

  private static double call(String function, List<Double> arguments) {
    double first = arguments.getFirst();
    return switch (function) {
      case "FILL" -> Double.isNaN(first) ? arguments.get(1) : first;
      case "IF" -> Double.isNaN(first) ? Double.NaN : arguments.get(first == 0 ? 2 : 1);
      default -> throw new IllegalArgumentException(function);
    };
  }

  private boolean isAt(String... any) {
    return next < tokens.size() && List.of(any).contains(tokens.get(next));
  }

  private String take() {
    return tokens.get(next++);
  }

  private void expect(String token) {
    if (!isAt(token)) {
      throw new IllegalArgumentException("Expected " + token + " in " + tokens);
    }
    take();
  }
}

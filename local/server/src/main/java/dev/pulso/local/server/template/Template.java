package dev.pulso.local.server.template;

import dev.pulso.local.server.http.CorsRules;
import java.util.List;

/**
 * What a template says about functions and the API before them.
 *
 * @param functions all functions, in the order of the template
 * @param cors which pages of other origins may call
 */
public record Template(List<FunctionDefinition> functions, CorsRules cors) {
  /** The functions that answer requests. */
  public List<FunctionDefinition> behindTheApi() {
    return functions.stream().filter(function -> !function.routes().isEmpty()).toList();
  }

  /** The functions that run by a schedule. */
  public List<FunctionDefinition> onSchedule() {
    return functions.stream().filter(FunctionDefinition::scheduled).toList();
  }
}

package dev.pulso.local.server.template;

import dev.pulso.local.server.http.CorsRules;
import java.util.List;

/**
 * The functions and CORS rules of a template.
 *
 * @param functions all functions, in the order of the template
 * @param cors which origins may call
 */
public record Template(List<FunctionDefinition> functions, CorsRules cors) {
  /** Returns the functions that answer requests. */
  public List<FunctionDefinition> behindTheApi() {
    return functions.stream().filter(function -> !function.routes().isEmpty()).toList();
  }
}

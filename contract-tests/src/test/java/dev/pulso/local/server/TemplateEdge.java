package dev.pulso.local.server;

import dev.pulso.Pulso;
import dev.pulso.local.server.http.Authorizer;
import dev.pulso.local.server.http.RunningEdge;
import dev.pulso.local.server.template.Template;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The edge as {@code ./run} has it: with the template's routes and the functions behind them. */
public final class TemplateEdge {
  private TemplateEdge() {}

  /** Over a Pulso that the caller closes; no request takes longer than the limit. */
  public static RunningEdge over(Pulso pulso, Duration limit) throws IOException {
    Template template = Functions.read(Project.root().resolve("template.yaml"));
    return new RunningEdge(
        Functions.routes(template, pulso), Authorizer.OPEN, limit, template.cors(), List.of());
  }
}

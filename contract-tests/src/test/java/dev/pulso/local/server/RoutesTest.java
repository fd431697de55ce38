package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.local.server.template.FunctionDefinition;
import dev.pulso.local.server.template.Template;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks that the template names existing handlers. */
class RoutesTest {
  /** Reading fails if a handler class is missing. */
  private final Template template = Functions.read(Project.root().resolve("template.yaml"));

  @Test
  void threeFunctionsAreOnASchedule() {
    assertThat(template.functions().stream().filter(FunctionDefinition::scheduled))
        .extracting(FunctionDefinition::name)
        .containsExactly("WebhookDeliveryFunction", "EventPushFunction", "BatchUpkeepFunction");
  }

  @Test
  void everyHandlerHasBothConstructors() throws ReflectiveOperationException {
    for (FunctionDefinition function : functions()) {
      Class<?> handler = Functions.handlerClass(function);
      assertThat(handler.getConstructor()).as(function.name()).isNotNull();
      assertThat(handler.getConstructor(dev.pulso.Pulso.class)).as(function.name()).isNotNull();
    }
  }

  private List<FunctionDefinition> functions() {
    assertThat(template.functions()).isNotEmpty();
    return template.functions();
  }
}

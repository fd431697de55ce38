package dev.pulso.local.server.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.local.server.template.FunctionDefinition.RouteDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateReaderTest {
  private static final String API =
      """
      Parameters:
        Origins: { Type: String, Default: "https://a.example,http://b.example:3000" }
        Methods: { Type: CommaDelimitedList, Default: "GET, POST" }
      Globals:
        Function: { Timeout: 7, Runtime: java25 }
      Conditions:
        Some: !Not [!Equals [!Ref Origins, ""]]
      Resources:
        Api:
          Type: AWS::Serverless::HttpApi
          Properties:
            Name: !Sub pulso-${Origins}
            CorsConfiguration: !If
              - Some
              - AllowOrigins: !Split [",", !Ref Origins]
                AllowMethods: !Ref Methods
                AllowHeaders: [authorization, !Ref AWS::NoValue]
                MaxAge: 600
              - !Ref AWS::NoValue
        Things:
          Type: AWS::Serverless::Function
          Properties:
            Handler: dev.example.Things::handleRequest
            MemorySize: 512
            Role: !GetAtt Role.Arn
            Events:
              One: { Type: HttpApi, Properties: { Path: "/things/{id}", Method: get } }
              Preflight: { Type: HttpApi, Properties: { Path: "/things/{id}", Method: options } }
              Rest: { Type: HttpApi }
              RestPreflight: { Type: HttpApi, Properties: { Path: "/{proxy+}", Method: options } }
      """;
  private static final String UPKEEP =
      """
        Upkeep:
          Type: AWS::Serverless::Function
          Properties:
            Handler: dev.example.Upkeep
            Timeout: 900
            Events:
              EveryMinute:
                Type: ScheduleV2
                Properties: { ScheduleExpression: rate(1 minute) }
      """;

  @TempDir private Path folder;

  @Test
  void functionsAndTheirRoutesAreRead() throws IOException {
    Template template = read(API + UPKEEP);
    assertThat(template.behindTheApi())
        .containsExactly(
            new FunctionDefinition(
                "Things",
                "dev.example.Things",
                Duration.ofSeconds(7),
                512,
                List.of(
                    new RouteDefinition("GET", "/things/{id}"),
                    new RouteDefinition("ANY", "$default")),
                false));
    assertThat(template.functions().stream().filter(FunctionDefinition::scheduled))
        .containsExactly(
            new FunctionDefinition(
                "Upkeep", "dev.example.Upkeep", Duration.ofMinutes(15), 128, List.of(), true));
  }

  @Test
  void corsRulesUseParameterDefaults() throws IOException {
    Template template = read(API);
    assertThat(template.cors().origins())
        .containsExactly("https://a.example", "http://b.example:3000");
    assertThat(template.cors().methods()).containsExactly("GET", "POST");
    assertThat(template.cors().headers()).containsExactly("authorization");
    assertThat(template.cors().exposedHeaders()).isEmpty();
    assertThat(template.cors().maxAgeSeconds()).isEqualTo(600);
  }

  @Test
  void duplicateRouteIsRefused() {
    String other =
        """
          Other:
            Type: AWS::Serverless::Function
            Properties:
              Handler: dev.example.Other
              Events:
                One: { Type: HttpApi, Properties: { Path: "/things/{thing}", Method: GET } }
        """;
    assertThatThrownBy(() -> read(API + other))
        .isInstanceOf(TemplateException.class)
        .hasMessage(
            "Route GET /things/{thing} of function Other also belongs to another function.");
  }

  @Test
  void loopsWithoutFunctionsAreSkipped() throws IOException {
    String loop = "  Fn::ForEach::Logs: [Name, [A], { '${Name}Logs': { Type: %s } }]\n";
    assertThat(read(API + loop.formatted("AWS::Logs::LogGroup"))).isEqualTo(read(API));
    assertThatThrownBy(() -> read(API + loop.formatted("AWS::Serverless::Function")))
        .hasMessage("Fn::ForEach::Logs makes functions, which cannot be served here.");
  }

  @Test
  void unsupportedTemplatesAreRefused() {
    assertThatThrownBy(() -> read(API.replace("Handler: dev.example.Things::handleRequest", "")))
        .hasMessage("Function Things has no Handler.");
    assertThatThrownBy(() -> read(API.replace("/things/{id}", "/things/{id+}")))
        .hasMessage("Function Things has the path /things/{id+}, which cannot be served here.");
    assertThatThrownBy(() -> read(API.replace("MemorySize: 512", "MemorySize: !Ref Memory")))
        .hasMessage("Resources.Things.Properties.MemorySize is not a plain number.");
    assertThatThrownBy(() -> read("Resources: [1]")).hasMessage("Resources is not a mapping.");
    assertThatThrownBy(() -> read("Resources: {"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> TemplateReader.read(folder.resolve("missing.yaml")))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("missing.yaml");
  }

  private Template read(String text) throws IOException {
    return TemplateReader.read(Files.writeString(folder.resolve("template.yaml"), text));
  }
}

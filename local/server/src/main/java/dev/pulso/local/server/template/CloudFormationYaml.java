package dev.pulso.local.server.template;

import java.io.Reader;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads YAML with CloudFormation's short tags, and converts them to the long form: {@code !Ref
 * Name} to {@code {Ref: Name}}, {@code !Sub text} to {@code {Fn::Sub: text}}.
 */
final class CloudFormationYaml {
  private CloudFormationYaml() {}

  /**
   * Returns the document as maps, lists and scalars.
   *
   * @throws org.yaml.snakeyaml.error.YAMLException when it is not well-formed
   */
  static Object load(Reader text) {
    return new Yaml(new ShortTags()).load(text);
  }

  private static final class ShortTags extends SafeConstructor {
    ShortTags() {
      super(new LoaderOptions());
      yamlMultiConstructors.put(
          "!",
          new AbstractConstruct() {
            @Override
            public Object construct(Node node) {
              String name = node.getTag().getValue().substring(1);
              boolean bare = name.equals("Ref") || name.equals("Condition");
              return Map.of(bare ? name : "Fn::" + name, content(node));
            }
          });
    }

    private Object content(Node node) {
      return switch (node) {
        case ScalarNode scalar -> scalar.getValue();
        case SequenceNode sequence -> constructSequence(sequence);
        case MappingNode mapping -> constructMapping(mapping);
        default -> throw new TemplateException("Line " + line(node) + " cannot be read.");
      };
    }

    private static int line(Node node) {
      return node.getStartMark().getLine() + 1;
    }
  }
}

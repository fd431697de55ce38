package dev.pulso.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.DisallowUnknownKeywordFactory;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.NonValidationKeyword;
import dev.pulso.local.server.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The project's openapi.yaml, read once. Places in it are named by JSON pointers. */
public final class OpenApi {
  /** Numbers keep the digits that they were written with. */
  static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final String ADDRESS = "urn:pulso:openapi";
  private static final List<String> METHODS =
      List.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
  private static final OpenApi DOCUMENT = read();

  private final JsonNode root;
  private final SchemaRegistry schemas;
  private final List<Operation> operations = new ArrayList<>();

  private OpenApi(JsonNode root) {
    this.root = root;
    this.schemas =
        SchemaRegistry.withDialect(
            dialect(root), all -> all.schemas(Map.of(ADDRESS, root.toString())));
    root.get("paths").properties().forEach(path -> addOperations(path.getKey(), path.getValue()));
  }

  /**
   * Of the document itself only schemas are looked at; in those a word that means nothing fails.
   */
  private static Dialect dialect(JsonNode root) {
    Dialect openApi = Dialects.getOpenApi31();
    List<Keyword> besidesSchemas = new ArrayList<>();
    root.fieldNames().forEachRemaining(name -> besidesSchemas.add(new NonValidationKeyword(name)));
    return Dialect.builder(openApi.getId(), openApi)
        .keywords(besidesSchemas)
        .unknownKeywordFactory(DisallowUnknownKeywordFactory.getInstance())
        .build();
  }

  private void addOperations(String path, JsonNode item) {
    for (String method : METHODS) {
      if (item.has(method)) {
        String place = "/paths/" + escape(path) + "/" + method;
        Map<Integer, String> answers = new TreeMap<>();
        for (String status : names(place + "/responses")) {
          answers.put(Integer.valueOf(status), follow(place + "/responses/" + status));
        }
        String id = item.get(method).get("operationId").textValue();
        operations.add(new Operation(id, method.toUpperCase(Locale.ROOT), path, answers));
      }
    }
  }

  /** The document. */
  public static OpenApi document() {
    return DOCUMENT;
  }

  private static OpenApi read() {
    try {
      String text = Files.readString(Project.root().resolve("openapi.yaml"));
      Object yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
      return new OpenApi(JSON.readTree(JSON.writeValueAsString(yaml)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All operations, in the order of the document. */
  public List<Operation> operations() {
    assertThat(operations).isNotEmpty();
    return operations;
  }

  /** The operation at an address; none of the paths has two. */
  public Optional<Operation> operationAt(String address) {
    return operations.stream().filter(operation -> operation.isAt(address)).findFirst();
  }

  /** What stands there, and where that is, when a {@code $ref} there says to look elsewhere. */
  String follow(String pointer) {
    JsonNode reference = at(pointer).get("$ref");
    return reference == null ? pointer : follow(reference.textValue().substring(1));
  }

  /** What stands there. */
  JsonNode at(String pointer) {
    JsonNode node = root.at(pointer);
    if (node.isMissingNode()) {
      throw new IllegalArgumentException("openapi.yaml has nothing at " + pointer);
    }
    return node;
  }

  /** What is wrong with a value by the schema at that place. */
  List<String> violations(String schema, JsonNode value) {
    return schemas.getSchema(SchemaLocation.of(ADDRESS + "#" + schema)).validate(value).stream()
        .map(Error::toString)
        .toList();
  }

  /** Whether a parameter, named as under {@code components}, may have that value. */
  public boolean allows(String parameter, String value) {
    String schema = "/components/parameters/" + parameter + "/schema";
    return violations(schema, new TextNode(value)).isEmpty();
  }

  /** The names of what stands there, in their order. */
  List<String> names(String pointer) {
    List<String> names = new ArrayList<>();
    root.at(pointer).fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The codes that the problem of an answer may have; none if it is no problem. */
  public Set<String> codes(String answer) {
    JsonNode code = at(answer).at("/content/application~1problem+json/schema/properties/code");
    Set<String> codes = new TreeSet<>();
    code.path("enum").forEach(one -> codes.add(one.textValue()));
    if (code.has("const")) {
      codes.add(code.get("const").textValue());
    }
    return codes;
  }

  /** A name as a part of a pointer (RFC 6901). */
  static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}

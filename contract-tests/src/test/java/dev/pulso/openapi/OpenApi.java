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
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The project's openapi.yaml, read once. JSON pointers name places in it. */
public final class OpenApi {
  /** Numbers keep their digits. */
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

  /** Only schemas of the document are validated; unknown keywords in them are errors. */
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

  /** Returns all operations, in the order of the document. */
  public List<Operation> operations() {
    assertThat(operations).isNotEmpty();
    return operations;
  }

  /** Returns the operation at an address: that of the method, else any. */
  public Optional<Operation> operationAt(String method, String address) {
    List<Operation> at = operations.stream().filter(operation -> operation.isAt(address)).toList();
    String documented = method.equals("HEAD") ? "GET" : method;
    return at.stream()
        .filter(operation -> operation.method().equals(documented))
        .findFirst()
        .or(() -> at.stream().findFirst());
  }

  /** Returns the methods of a path, as {@code Allow} names them; GET includes HEAD. */
  public List<String> methods(String path) {
    return operations.stream()
        .filter(operation -> operation.path().equals(path))
        .map(Operation::method)
        .flatMap(method -> method.equals("GET") ? Stream.of(method, "HEAD") : Stream.of(method))
        .toList();
  }

  /** Returns the pointer after following a {@code $ref}. */
  String follow(String pointer) {
    JsonNode reference = at(pointer).get("$ref");
    return reference == null ? pointer : follow(reference.textValue().substring(1));
  }

  /** Returns the node at a pointer. */
  JsonNode at(String pointer) {
    JsonNode node = root.at(pointer);
    if (node.isMissingNode()) {
      throw new IllegalArgumentException("openapi.yaml has nothing at " + pointer);
    }
    return node;
  }

  /** Returns the schema violations of a value. */
  List<String> violations(String schema, JsonNode value) {
    return schemas.getSchema(SchemaLocation.of(ADDRESS + "#" + schema)).validate(value).stream()
        .map(Error::toString)
        .toList();
  }

  /** Returns whether a parameter of {@code components} may have this value. */
  public boolean allows(String parameter, String value) {
    String schema = "/components/parameters/" + parameter + "/schema";
    return violations(schema, new TextNode(value)).isEmpty();
  }

  /** Returns the field names at a pointer, in order. */
  List<String> names(String pointer) {
    List<String> names = new ArrayList<>();
    root.at(pointer).fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Returns the possible codes of a problem; empty if the answer is not a problem. */
  public Set<String> codes(String answer) {
    JsonNode code = at(answer).at("/content/application~1problem+json/schema/properties/code");
    Set<String> codes = new TreeSet<>();
    code.path("enum").forEach(one -> codes.add(one.textValue()));
    if (code.has("const")) {
      codes.add(code.get("const").textValue());
    }
    return codes;
  }

  /** Returns the titles of a type of problem in the examples. */
  Set<String> titles(String type) {
    Set<String> titles = new TreeSet<>();
    for (JsonNode example : at("/components/examples")) {
      if (example.at("/value/type").asText().equals(type)) {
        titles.add(example.at("/value/title").asText());
      }
    }
    return titles;
  }

  /** Escapes a name for a pointer (RFC 6901). */
  static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}

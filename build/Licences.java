import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Holds the licences of what is deployed against those that are allowed. The argument is the list
 * (CycloneDX, XML) that build/dependencies makes. A component with several licences may be used
 * under any of them; one with none that is known may not be used.
 */
final class Licences {
  private static final Set<String> ALLOWED =
      Set.of("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0");

  private Licences() {}

  public static void main(String[] arguments) throws Exception {
    Document bom =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Path.of(arguments[0]).toFile());
    List<Element> components = children(bom.getDocumentElement(), "components");
    TreeMap<String, Integer> used = new TreeMap<>();
    List<String> refused = new ArrayList<>();
    for (Element component : components) {
      List<String> licences = licences(component);
      licences.stream()
          .filter(ALLOWED::contains)
          .findFirst()
          .ifPresentOrElse(
              licence -> used.merge(licence, 1, Integer::sum),
              () -> refused.add(text(component, "purl") + ": " + licences));
    }
    System.out.println("Deployed: " + components.size() + " components " + used);
    if (components.isEmpty()) {
      refused.add("a list without any component is none");
    }
    if (!refused.isEmpty()) {
      System.err.println("Not under one of " + new java.util.TreeSet<>(ALLOWED) + ":");
      refused.forEach(line -> System.err.println("  " + line));
      System.exit(1);
    }
  }

  private static List<String> licences(Element component) {
    List<String> licences = new ArrayList<>();
    for (Element licence : children(component, "licenses")) {
      licences.add(
          licence.getTagName().equals("expression")
              ? licence.getTextContent().strip()
              : text(licence, "id") + text(licence, "name"));
    }
    return licences;
  }

  /** The elements inside of the one child of that name, if there is one. */
  private static List<Element> children(Element parent, String name) {
    List<Element> children = new ArrayList<>();
    for (Element list : elements(parent.getChildNodes())) {
      if (list.getTagName().equals(name)) {
        children.addAll(elements(list.getChildNodes()));
      }
    }
    return children;
  }

  private static String text(Element parent, String name) {
    return elements(parent.getChildNodes()).stream()
        .filter(child -> child.getTagName().equals(name))
        .map(child -> child.getTextContent().strip())
        .findFirst()
        .orElse("");
  }

  private static List<Element> elements(NodeList nodes) {
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      if (nodes.item(i) instanceof Element element) {
        elements.add(element);
      }
    }
    return elements;
  }
}

package io.github.cpsample.tools.report.chart;

import java.awt.geom.Rectangle2D;
import java.io.StringWriter;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.text.TextUtils;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * A chart as an SVG element. Its size is that of the screen of a phone, so that its letters can be
 * read there; elsewhere it grows with its place.
 */
final class SvgDrawing {

  private static final int WIDTH = 360;
  private static final int HEIGHT = 290;
  private static final String SVG = "http://www.w3.org/2000/svg";

  static {
    // Letters that stand upright stay letters, too.
    TextUtils.setUseDrawRotatedStringWorkaround(false);
  }

  private final Chart chart;

  SvgDrawing(Chart chart) {
    this.chart = chart;
  }

  String element(JFreeChart drawing) {
    Document document = document();
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
    context.setPrecision(2);
    context.setComment(null);
    context.setIDGenerator(
        new SVGIDGenerator() {
          @Override
          public String generateID(String prefix) {
            return chart.id() + "-" + super.generateID(prefix);
          }
        });
    SVGGraphics2D graphics = new SVGGraphics2D(context, false);
    drawing.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
    Element root = graphics.getRoot();
    describe(document, root);
    return text(root);
  }

  private void describe(Document document, Element root) {
    root.setAttribute("viewBox", "0 0 " + WIDTH + " " + HEIGHT);
    root.setAttribute("role", "img");
    root.setAttribute("aria-labelledby", chart.id() + "-title " + chart.id() + "-finding");
    Element unused = child(root, "defs");
    if (unused != null) {
      unused.removeAttribute("id");
    }
    Node first = root.getFirstChild();
    root.insertBefore(described(document, "title", "-title", chart.title()), first);
    root.insertBefore(described(document, "desc", "-finding", chart.finding()), first);
  }

  private static @Nullable Element child(Element root, String name) {
    for (Node node = root.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        return element;
      }
    }
    return null;
  }

  private Element described(Document document, String name, String id, String text) {
    Element element = document.createElementNS(SVG, name);
    element.setAttribute("id", chart.id() + id);
    element.setTextContent(text);
    return element;
  }

  private static Document document() {
    try {
      return DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(SVG, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's XML parser cannot be had", e);
    }
  }

  private static String text(Element root) {
    try {
      TransformerFactory factory = TransformerFactory.newDefaultInstance();
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      Transformer transformer = factory.newTransformer();
      transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      StringWriter text = new StringWriter();
      transformer.transform(new DOMSource(root), new StreamResult(text));
      return text.toString();
    } catch (TransformerException e) {
      throw new IllegalStateException(e);
    }
  }
}

package io.github.cpsample.tools.report;

import static j2html.TagCreator.attrs;
import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.strong;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.text;

import io.github.cpsample.tools.report.chart.Chart;
import io.github.cpsample.tools.report.chart.Letters;
import j2html.tags.DomContent;
import j2html.tags.specialized.DivTag;
import j2html.tags.specialized.FigureTag;
import j2html.tags.specialized.PTag;
import java.util.List;

/** What several sections consist of. */
final class Parts {

  /** Said wherever a report without training images shows less. */
  static final String LEFT_OUT =
      "Training images were left out of this report, and with them every picture that may show one:"
          + " the images that came nearest without protection, copies, and images on their way.";

  private static final String NO_LETTERS =
      "This chart could not be drawn: Java found no fonts on the machine that wrote the report"
          + " (on Debian: packages fontconfig and fonts-dejavu-core). Its numbers are in the tables.";

  private Parts() {}

  /** What a reader who is not a specialist has to know. */
  static PTag explained(String sentence) {
    return p(attrs(".explained"), sentence);
  }

  /** Says that there is nothing to show, and why. */
  static PTag absent(String sentence) {
    return p(attrs(".absent"), sentence);
  }

  /** A chart with what it shows; its numbers are in a table near by. */
  static FigureTag figureOf(Chart chart) {
    return figure(
        attrs(".chart"),
        Letters.present() ? rawHtml(chart.svg()) : absent(NO_LETTERS),
        figcaption(strong(chart.title() + ". "), text(chart.finding())));
  }

  /** A chart with what it shows, and its numbers as a table that can be opened. */
  static FigureTag figureOf(Chart chart, Table numbers) {
    return figureOf(chart).with(details(attrs(".numbers"), summary("The numbers"), numbers.html()));
  }

  /** Figures side by side where there is room. */
  static DivTag sideBySide(List<? extends DomContent> figures) {
    return div(attrs(".charts"), each(figures, it -> it));
  }
}

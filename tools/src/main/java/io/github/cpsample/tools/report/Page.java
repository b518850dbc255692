package io.github.cpsample.tools.report;

import static j2html.TagCreator.a;
import static j2html.TagCreator.attrs;
import static j2html.TagCreator.body;
import static j2html.TagCreator.each;
import static j2html.TagCreator.footer;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.header;
import static j2html.TagCreator.html;
import static j2html.TagCreator.li;
import static j2html.TagCreator.main;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.ol;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.style;
import static j2html.TagCreator.title;

import j2html.TagCreator;
import j2html.tags.specialized.HeadTag;
import j2html.tags.specialized.SectionTag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The page around the sections. */
final class Page {

  /** Nothing may be fetched, no script may run, whatever a name or a picture holds. */
  private static final String POLICY =
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none';"
          + " form-action 'none'";

  private final ReportView view;

  Page(ReportView view) {
    this.view = view;
  }

  String text() {
    String heading = "Audit of " + view.report().provenance().model();
    List<Section> sections = sections();
    return TagCreator.document(
        html(
                head(heading),
                body(
                    header(
                        h1(heading),
                        p(
                            "Made with CPSample for Java. Began "
                                + view.report().provenance().began())),
                    nav(ol(each(sections, it -> li(a(it.title()).withHref("#" + it.id())))))
                        .attr("aria-label", "Contents"),
                    main(each(sections, Page::section)),
                    footer(
                        p(
                            "The same numbers are in report.json, for programs. This page holds no"
                                + " script and loads nothing."))))
            .withLang("en"));
  }

  private List<Section> sections() {
    return List.of(
        new SummarySection(view).section(),
        new WorstPairsSection(view).section(),
        new HistogramSection(view).section(),
        new RocSection(view).section(),
        new TradeOffSection(view).section(),
        new StripSection(view).section(),
        new MethodsSection(view).section(),
        new TablesSection(view).section(),
        new GuardSection(view).section(),
        new DeploymentsSection(view).section(),
        new ProvenanceSection(view).section());
  }

  private static SectionTag section(Section section) {
    return TagCreator.section(
            attrs("#" + section.id()), h2(section.title()), each(section.content(), it -> it))
        .attr("aria-label", section.title());
  }

  private static HeadTag head(String heading) {
    return TagCreator.head(
        meta().withCharset("utf-8"),
        meta().attr("http-equiv", "Content-Security-Policy").withContent(POLICY),
        meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
        title(heading),
        style(rawHtml(css())));
  }

  private static String css() {
    try (InputStream in = Page.class.getResourceAsStream("report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

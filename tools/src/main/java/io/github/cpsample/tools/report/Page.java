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

import io.github.cpsample.evaluation.figures.Provenance;
import j2html.TagCreator;
import j2html.tags.DomContent;
import j2html.tags.specialized.HeadTag;
import j2html.tags.specialized.SectionTag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

  /** With what the audit was made, so that it can be repeated. */
  private static final class ProvenanceSection {

    private final ReportView view;

    ProvenanceSection(ReportView view) {
      this.view = view;
    }

    Section section() {
      Provenance from = view.report().provenance();
      List<DomContent> content = new ArrayList<>();
      content.add(
          Parts.explained(
              "Everything that is needed to repeat this audit. A SHA-256 is a fingerprint of a"
                  + " file: another file has another one."));
      content.add(
          new Table("The audit", List.of("What", "value"))
              .row("model", List.of(Table.cell(from.model())))
              .row("began", List.of(Table.cell(from.began())))
              .row("seconds of work", List.of(Table.cell(from.seconds())))
              .row("format of report.json", List.of(Table.cell(view.report().format())))
              .html());
      add(content, "Settings of the audit", from.settings());
      add(content, "Protection of the model", from.protection());
      add(content, "Sets of images", from.images());
      add(content, "Versions", from.versions());
      add(content, "Files of the model with their SHA-256", from.files());
      return new Section("provenance", "Settings, versions and hashes", content);
    }

    private static void add(List<DomContent> content, String caption, Map<String, String> values) {
      if (values.isEmpty()) {
        content.add(Parts.absent(caption + ": none were recorded."));
        return;
      }
      Table table = new Table(caption, List.of("Name", "value"));
      values.forEach((name, value) -> table.row(name, List.of(Table.words(value))));
      content.add(table.html());
    }
  }
}

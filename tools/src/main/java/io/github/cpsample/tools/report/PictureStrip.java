package io.github.cpsample.tools.report;

import static j2html.TagCreator.attrs;
import static j2html.TagCreator.caption;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.span;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.thead;

import j2html.tags.specialized.DivTag;
import j2html.tags.specialized.TrTag;
import java.util.List;

/** A table of small pictures that scrolls in a place of its own. */
final class PictureStrip {

  private PictureStrip() {}

  static DivTag html(String name, TrTag head, List<TrTag> rows) {
    return div(
            attrs(".scroll.short"),
            table(attrs(".strip"), caption(span(name)), thead(head), tbody(each(rows, row -> row))))
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", name);
  }
}

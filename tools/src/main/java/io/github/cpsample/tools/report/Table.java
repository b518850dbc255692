package io.github.cpsample.tools.report;

import static j2html.TagCreator.attrs;
import static j2html.TagCreator.caption;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.span;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.text;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.statistics.Interval;
import j2html.tags.DomContent;
import j2html.tags.specialized.DivTag;
import j2html.tags.specialized.TrTag;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table that scrolls in a place of its own where the page is narrow. */
final class Table {

  /** So many rows are not parted when they are printed. */
  private static final int SHORT = 10;

  /** Names of rows with more letters have more room. */
  private static final int LONG = 20;

  private final String caption;
  private final List<String> columns;
  private final List<TrTag> rows = new ArrayList<>();

  /** A table with names of columns; the first column names the rows. */
  Table(String caption, List<String> columns) {
    this.caption = caption;
    this.columns = columns;
  }

  /** Adds a row. */
  Table row(String name, List<DomContent> cells) {
    rows.add(
        tr(
            th(name).attr("scope", "row").withCondClass(name.length() > LONG, "long"),
            each(cells, cell -> td(cell))));
    return this;
  }

  DivTag html() {
    return div(
            attrs(rows.size() > SHORT ? ".scroll" : ".scroll.short"),
            table(
                caption(span(caption)),
                thead(tr(each(columns, column -> th(column).attr("scope", "col")))),
                tbody(each(rows, row -> row))))
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", caption);
  }

  static DomContent cell(String value) {
    return text(value);
  }

  /** Text that takes some room. */
  static DomContent words(String text) {
    return div(attrs(".words"), text);
  }

  static DomContent cell(double value) {
    return text(Numbers.decimal(value));
  }

  /** A number, or none. */
  static DomContent cell(@Nullable Double value) {
    return value == null ? text(Numbers.NONE) : cell(value.doubleValue());
  }

  static DomContent cell(long value) {
    return text(Numbers.whole(value));
  }

  static DomContent cell(@Nullable Interval interval) {
    return interval == null
        ? text(Numbers.NONE)
        : withRange(Numbers.decimal(interval.value()), Numbers.range(interval));
  }

  /** A share in per cent. */
  static DomContent percent(@Nullable Interval share) {
    return share == null
        ? text(Numbers.NONE)
        : withRange(
            Numbers.percent(share.value()), Numbers.percentRange(share.low(), share.high()));
  }

  /** A difference of shares in percentage points. */
  static DomContent points(@Nullable Interval difference) {
    return difference == null
        ? text(Numbers.NONE)
        : withRange(
            Numbers.points(difference.value()),
            Numbers.percentRange(difference.low(), difference.high()));
  }

  /** A number of settings, as it was given. */
  static DomContent setting(double value) {
    return text(Numbers.setting(value));
  }

  static DomContent cell(@Nullable Rate rate) {
    return rate == null
        ? text(Numbers.NONE)
        : withRange(Numbers.percent(rate.value()), Numbers.percentRange(rate.low(), rate.high()));
  }

  private static DomContent withRange(String value, String range) {
    return span(text(value + " "), span(range).withClass("range"));
  }
}

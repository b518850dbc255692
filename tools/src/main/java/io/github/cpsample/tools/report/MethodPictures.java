package io.github.cpsample.tools.report;

import static j2html.TagCreator.attrs;
import static j2html.TagCreator.each;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.tr;

import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.figures.WorstPair;
import j2html.tags.specialized.DivTag;
import j2html.tags.specialized.TrTag;
import java.util.List;

/** What every method makes of the seeds that came nearest to training images without protection. */
final class MethodPictures {

  private static final int SEEDS = 8;

  private final ReportView view;
  private final List<Long> seeds;

  MethodPictures(ReportView view) {
    this.view = view;
    this.seeds = view.report().worst().stream().limit(SEEDS).map(WorstPair::seed).toList();
  }

  boolean any() {
    return !seeds.isEmpty();
  }

  DivTag html() {
    return PictureStrip.html(
        "The same seeds, sampled in every way",
        tr(
            th("seed").attr("scope", "col"),
            each(seeds, seed -> th(String.valueOf(seed)).attr("scope", "col"))),
        view.report().methods().stream().map(this::row).toList());
  }

  private TrTag row(MethodFigures method) {
    return tr(
        th(method.title()).attr("scope", "row"),
        each(
            seeds,
            seed ->
                td(
                    attrs(".picture"),
                    Images.shown(
                        view.pictures().sample(method.name(), seed),
                        "Image made from seed " + seed + ", " + method.title(),
                        "no image"))));
  }
}

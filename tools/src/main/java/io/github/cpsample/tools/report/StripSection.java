package io.github.cpsample.tools.report;

import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.p;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.tr;

import io.github.cpsample.evaluation.figures.TrajectoryStrip;
import io.github.cpsample.evaluation.figures.TrajectoryStrip.Frame;
import j2html.tags.DomContent;
import j2html.tags.specialized.DivTag;
import j2html.tags.specialized.TrTag;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Some seeds on their way from noise to image, with and without protection. */
final class StripSection {

  private final ReportView view;

  StripSection(ReportView view) {
    this.view = view;
  }

  Section section() {
    List<TrajectoryStrip> strips = view.report().strips();
    List<DomContent> content = new ArrayList<>();
    if (strips.isEmpty()) {
      content.add(Parts.absent("No trajectories were recorded in this audit."));
    } else {
      content.add(
          Parts.explained(
              "An image is made in steps from noise. Each picture shows what the model believes at"
                  + " that step the finished image will be. The number below is how sure the"
                  + " classifier is that it recognises a training image: 0.5 is not at all, 1 is"
                  + " entirely (a dash where it is not asked). Where it is too sure, the guard"
                  + " corrects the image: it moves it away, or sends it back to more noise, after"
                  + " which timesteps come again; a picture is marked “corrected” if that happened on"
                  + " the way to it from the one before."));
      if (!view.trainingImages()) {
        content.add(Parts.absent(Parts.LEFT_OUT));
      }
      strips.forEach(strip -> content.add(strip(strip)));
    }
    return new Section("trajectories", "From noise to image", content);
  }

  private DivTag strip(TrajectoryStrip strip) {
    return PictureStrip.html(
        "Seed " + strip.seed() + " on its way from noise to image",
        tr(
            th("timestep").attr("scope", "col"),
            each(
                strip.frames(),
                frame -> th(Numbers.setting(frame.timestep())).attr("scope", "col"))),
        List.of(side(strip, false), side(strip, true)));
  }

  private TrTag side(TrajectoryStrip strip, boolean guarded) {
    return tr(
        th(guarded ? "protected" : "no protection").attr("scope", "row"),
        each(
            IntStream.range(0, strip.frames().size())
                .<DomContent>mapToObj(i -> moment(strip, i, guarded))));
  }

  private DomContent moment(TrajectoryStrip strip, int index, boolean guarded) {
    Frame frame = strip.frames().get(index);
    boolean corrected = guarded && frame.guarded();
    Double certainty =
        guarded ? frame.protectedCertainty() : Double.valueOf(frame.unprotectedCertainty());
    return td(
            picture(strip, index, guarded),
            p(certainty == null ? Numbers.NONE : Numbers.decimal(certainty)),
            iff(corrected, p("corrected")))
        .withCondClass(corrected, "corrected");
  }

  private DomContent picture(TrajectoryStrip strip, int index, boolean guarded) {
    if (!view.trainingImages()) {
      return Images.leftOut("left out");
    }
    return Images.shown(
        view.pictures().frame(strip.seed(), index, guarded),
        "Prediction at timestep "
            + Numbers.setting(strip.frames().get(index).timestep())
            + (guarded ? " with protection" : " without protection"),
        "none");
  }
}

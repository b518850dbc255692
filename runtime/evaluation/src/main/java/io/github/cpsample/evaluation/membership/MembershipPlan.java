package io.github.cpsample.evaluation.membership;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.evaluation.attack.MembershipScores;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.guard.CertaintyCheck;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import java.util.ArrayList;
import java.util.List;

/** All stages of the membership part of an audit. */
public final class MembershipPlan {

  private static final List<Processing> PROCESSINGS =
      List.of(Processing.imageToImage(0.2), Processing.imageToImage(0.5), Processing.inpainting());

  private final AttackedModel model;
  private final MembershipSettings settings;
  private final Bootstrap bootstrap;

  private MembershipPlan(AttackedModel model, MembershipSettings settings) {
    this.model = model;
    this.settings = settings;
    this.bootstrap = Bootstrap.usual(settings.seed());
  }

  /**
   * The images of an audit. All are read when they are needed, and none is kept.
   *
   * @param training what the model was trained on, [C,H,W] per row, values in [-1, 1]
   * @param heldOut images of the same kind that it was not trained on
   * @param unprotectedSamples generated without protection
   * @param protectedSamples generated with it
   */
  public record Images(
      RowSource training,
      RowSource heldOut,
      RowSource unprotectedSamples,
      RowSource protectedSamples) {}

  /**
   * The stages in their order. For models of latents without encoder, attacks on predictions and on
   * the classifier, which see latents, are left out, and so is what processes images; the check at
   * low noise is left out where the classifier sees latents or the memorisation curve names no
   * level for it.
   *
   * @param model what is attacked
   * @param images of its manifest's shape
   * @param settings what is fixed
   * @return stages with ids of their own
   * @throws IllegalArgumentException if there are fewer than 2 training or held-out images, no
   *     generated ones, or they have another size
   */
  public static List<MembershipStage> stages(
      AttackedModel model, Images images, MembershipSettings settings) {
    MembershipPlan plan = new MembershipPlan(model, settings);
    Manifest manifest = model.bundle().manifest();
    Question pictures = plan.question(manifest.image(), images.training(), images.heldOut());
    List<MembershipStage> stages = new ArrayList<>();
    stages.add(new BlindStage(pictures, plan.bootstrap));
    if (manifest.pipeline().latent().map(it -> it.encoder().isPresent()).orElse(true)) {
      Question seen =
          plan.question(
              manifest.sampled(),
              new SeenRows(model.sampler(), images.training()),
              new SeenRows(model.sampler(), images.heldOut()));
      stages.addAll(plan.onPredictions(seen));
      stages.addAll(plan.onClassifier(seen));
      stages.addAll(plan.onProcessing(pictures));
    }
    stages.add(
        new GeneratedStage(
            images.unprotectedSamples(), images.protectedSamples(), pictures, plan.bootstrap));
    return stages;
  }

  private Question question(ImageShape shape, RowSource training, RowSource heldOut) {
    return new Question(
        new Candidates("training images", shape, training, settings.images()),
        new Candidates("held-out images", shape, heldOut, settings.images()),
        settings.batch());
  }

  private List<MembershipStage> onPredictions(Question question) {
    return PredictionAttack.all(model.bundle().manifest(), settings.seed()).stream()
        .<MembershipStage>map(it -> new PredictionStage(it, model, question, bootstrap))
        .toList();
  }

  private List<MembershipStage> onClassifier(Question question) {
    List<MembershipStage> stages = new ArrayList<>();
    if (CertaintyCheck.fits(model.bundle().manifest())) {
      stages.add(new LowNoiseStage(model, question, settings.seed(), bootstrap));
    }
    stages.add(new NoiseLevelStage(model, question, settings.seed(), bootstrap));
    return stages;
  }

  private List<MembershipStage> onProcessing(Question question) {
    return PROCESSINGS.stream()
        .<MembershipStage>map(
            it -> new ProcessingStage(it, model, question, settings.seed(), bootstrap))
        .toList();
  }

  /**
   * Images as denoiser and classifier of a model see them: its latents, encoded when they are read.
   */
  private static final class SeenRows implements RowSource {

    private final ProtectedSampler sampler;
    private final ImageShape shape;
    private final RowSource images;

    /** A view; neither sampler nor images are owned. */
    SeenRows(ProtectedSampler sampler, RowSource images) {
      this.sampler = sampler;
      this.shape = sampler.manifest().image();
      this.images = images;
    }

    @Override
    public int size() {
      return images.size();
    }

    @Override
    public int width() {
      return sampler.manifest().sampled().size();
    }

    @Override
    public void read(int row, float[] target, int offset) {
      float[] pixels = new float[images.width()];
      images.read(row, pixels, 0);
      sampler.seen(FloatImage.copyOf(shape, pixels, 0)).copyTo(target, offset);
    }
  }

  /**
   * The guard as an oracle: how certain the classifier is at the low noise levels at which the
   * model's own memorisation curve says that it knows its training images, as {@code cpsample
   * guard} asks it.
   */
  private static final class LowNoiseStage implements MembershipStage {

    private final AttackedModel model;
    private final Question question;
    private final long seed;
    private final Bootstrap bootstrap;

    LowNoiseStage(AttackedModel model, Question question, long seed, Bootstrap bootstrap) {
      this.model = model;
      this.question = question;
      this.seed = seed;
      this.bootstrap = bootstrap;
    }

    @Override
    public String id() {
      return "certainty-low-noise";
    }

    @Override
    public String title() {
      return "certainty of the classifier at low noise (" + CertaintyCheck.DRAWS + " draws)";
    }

    @Override
    public MembershipResult run(Progress progress) {
      Attack attack =
          new Attack(title(), "what the classifier is trained for; cpsample guard", Access.BUNDLE);
      try (CertaintyCheck check =
          CertaintyCheck.open(
              model.bundle(), model.sampler().device(), CertaintyCheck.DRAWS, seed)) {
        Question.Answers answers =
            question.ask(
                1,
                (candidates, first, count) ->
                    new double[][] {uncertainties(check, candidates, first, count)},
                question.counter(progress, 1));
        return new MembershipResult(
            List.of(attack.ofGuard(answers.scores(0), bootstrap)), List.of());
      }
    }

    /** Low for what the classifier recognises. */
    private static double[] uncertainties(
        CertaintyCheck check, Candidates candidates, int first, int count) {
      return check.check(candidates.pictures(first, count)).stream()
          .mapToDouble(verdict -> -verdict.recognition().orElseThrow().score())
          .toArray();
    }
  }

  /**
   * Whether training and held-out images can be told from each other without any model: where they
   * can, they are not of the same kind, and attacks look better than they are.
   */
  private static final class BlindStage implements MembershipStage {

    private static final String SOURCE =
        "blind baselines: Das, Zhang and Tramer 2024, arXiv 2406.16201";

    private final Question question;
    private final Bootstrap bootstrap;

    BlindStage(Question question, Bootstrap bootstrap) {
      this.question = question;
      this.bootstrap = bootstrap;
    }

    @Override
    public String id() {
      return "blind";
    }

    @Override
    public String title() {
      return "the images alone, without any model";
    }

    @Override
    public MembershipResult run(Progress progress) {
      Question.Answers answers =
          question.ask(2, BlindStage::measured, question.counter(progress, 1));
      return new MembershipResult(
          List.of(
              figures("mean of the pixels (control: no model)", answers.scores(0)),
              figures("contrast of the pixels (control: no model)", answers.scores(1))),
          List.of());
    }

    private MembershipFigures figures(String name, MembershipScores scores) {
      return new Attack(name, SOURCE, Access.NOTHING).ofBoth(scores, scores, null, bootstrap);
    }

    /** The mean and the standard deviation of each image's values. */
    private static double[][] measured(Candidates candidates, int first, int count) {
      double[][] measured = new double[2][count];
      float[][] rows = candidates.rows(first, count);
      for (int i = 0; i < count; i++) {
        double sum = 0;
        double squares = 0;
        for (float value : rows[i]) {
          sum += value;
          squares += (double) value * value;
        }
        double mean = sum / rows[i].length;
        measured[0][i] = mean;
        measured[1][i] = Math.sqrt(Math.max(0, squares / rows[i].length - mean * mean));
      }
      return measured;
    }
  }
}

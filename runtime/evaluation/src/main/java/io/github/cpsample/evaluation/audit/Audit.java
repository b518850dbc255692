package io.github.cpsample.evaluation.audit;

import com.google.gson.reflect.TypeToken;
import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.calibration.EvidenceTradeOff;
import io.github.cpsample.evaluation.comparators.AuditSample;
import io.github.cpsample.evaluation.comparators.ComparedMethods;
import io.github.cpsample.evaluation.comparators.SampleSink;
import io.github.cpsample.evaluation.comparators.SamplingMethod;
import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.figures.Provenance;
import io.github.cpsample.evaluation.figures.QualityFigures;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.figures.SearchFigures;
import io.github.cpsample.evaluation.figures.WorstPair;
import io.github.cpsample.evaluation.membership.Deployments;
import io.github.cpsample.evaluation.membership.MembershipPlan;
import io.github.cpsample.evaluation.quality.Embedder;
import io.github.cpsample.evaluation.replication.ReplicationIndex;
import io.github.cpsample.evaluation.replication.SearchSettings;
import io.github.cpsample.evaluation.replication.SimilaritySettings;
import io.github.cpsample.evaluation.replication.SimilarityTable;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.evaluation.store.DiskSpace;
import io.github.cpsample.evaluation.store.FinishedStages;
import io.github.cpsample.evaluation.store.SampleStore;
import io.github.cpsample.evaluation.store.StoredSample;
import io.github.cpsample.evaluation.store.WorkFolder;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.Progress;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures what protection does to a model, stage after stage. What a stage makes is in the work
 * folder: an audit that is interrupted goes on from there and comes to the same figures, times
 * aside. Memory holds a few numbers per sample.
 */
public final class Audit {

  private static final int WORST = 12;
  private static final int STRIPS = 3;

  private final AuditedModel model;
  private final AuditImages images;
  private final List<Embedder> embedders;
  private final AuditSettings settings;
  private final AuditDisplay display;

  /**
   * Prepares an audit.
   *
   * @param model what is audited
   * @param images what to compare with
   * @param embedders in whose features images are compared, besides pixels; not owned; possibly
   *     none
   * @param settings what to do
   * @param display is told how far it is, and may end it by throwing
   */
  public Audit(
      AuditedModel model,
      AuditImages images,
      List<Embedder> embedders,
      AuditSettings settings,
      AuditDisplay display) {
    this.model = model;
    this.images = images;
    this.embedders = List.copyOf(embedders);
    this.settings = settings;
    this.display = display;
  }

  /**
   * All that decides the figures, by name: an audit may go on with the work of another one if this
   * is the same.
   *
   * @return hashes and settings
   */
  public Map<String, String> decides() {
    Map<String, String> decides = SamplingPlan.of(model, settings).decides(model.manifest());
    decides.putAll(images.identities());
    embedders.forEach(it -> decides.put("embedder " + it.name(), it.description()));
    return decides;
  }

  private static FinishedStages stages(WorkFolder work) {
    return new FinishedStages(work.resolve("stages"));
  }

  /**
   * What is done already.
   *
   * @param work of this audit; not owned
   * @return seeds per method and the stages that are over, for people
   * @throws IOException if it cannot be read
   */
  public List<String> done(WorkFolder work) throws IOException {
    List<String> done = new ArrayList<>();
    try (SampleSets samples = SampleSets.open(work, settings, images.shape())) {
      for (String method : samples.methods()) {
        SampleStore store = samples.of(method);
        done.add(method + " " + store.size() + " of " + store.seeds().count() + " seeds");
      }
    }
    done.addAll(stages(work).names());
    return done;
  }

  /**
   * Begins the work and samples nothing: writes down what {@link OutsideSampling} needs to make
   * images in the audit's place.
   *
   * @param work of this audit; not owned
   * @param output where the report will be written
   * @throws IOException if a file cannot be written, or there is no room for the images
   * @throws IllegalArgumentException if the model is not on the CPU, where the images will be made
   */
  public void prepare(WorkFolder work, AuditOutput output) throws IOException {
    SamplingPlan plan = SamplingPlan.of(model, settings);
    plan.require(model.manifest());
    output.begin();
    requirePossible(work);
    plan.write(work);
  }

  private void requirePossible(WorkFolder work) throws IOException {
    DiskSpace.require(work.resolve(""), bytes());
    ReplicationIndex.requireEnough(images.training());
  }

  /**
   * Measures, and writes the report.
   *
   * @param work what was done before and what is done now; not owned
   * @param output where the report is written
   * @return the figures
   * @throws IOException if a file cannot be read or written
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public Report run(WorkFolder work, AuditOutput output) throws IOException {
    FinishedStages finished = stages(work);
    output.begin();
    try (SampleSets samples = SampleSets.open(work, settings, images.shape());
        FeatureSets features = new FeatureSets(work, embedders)) {
      requirePossible(work);
      List<MethodFigures> methods = sample(samples);
      Map<String, RowSource> pixels = pixels(samples);
      features.addAll(pixels, display);
      try (ReplicationStage replication = new ReplicationStage(work, pixels, features.all())) {
        List<SearchFigures> searches =
            replication.run(
                finished, SearchSettings.usual(settings.search(), settings.seed()), display);
        SampleResults results = new SampleResults(samples, replication);
        SimilarityTable table = results.table(SimilaritySettings.usual(settings.seed()));
        List<QualityFigures> quality = quality(features, samples, finished);
        MembershipStages membership = membership(pixels, finished);
        List<WorstPair> worst = table.worst(WORST);
        StripStage strips = new StripStage(work, finished, images.shape());
        Report report =
            new Report(
                Report.FORMAT,
                Provenances.of(model, images, embedders, settings, work),
                methods,
                table.figures(),
                searches,
                worst,
                quality,
                membership.attacks(),
                Deployments.of(membership.attacks()),
                new GuardStage(model, settings, finished, display)
                    .run(samples.of(AuditSettings.PROTECTED), membership.levels()),
                strips.run(model, seeds(worst), display),
                model.manifest().calibration().map(EvidenceTradeOff::of).orElse(null));
        output.write(report, new StoredPictures(samples, images, strips), results::write);
        return report;
      }
    }
  }

  /** What samples and features take in all. */
  private long bytes() {
    long given = (long) images.training().size() + images.heldOut().size();
    long samples = settings.methods().stream().mapToLong(it -> settings.seeds(it).count()).sum();
    long features = embedders.stream().mapToLong(Embedder::dimension).sum();
    return Float.BYTES * (samples * images.shape().size() + (given + samples) * features);
  }

  private List<MethodFigures> sample(SampleSets samples) throws IOException {
    ComparedMethods compared =
        new ComparedMethods(
            model.sampler(),
            model.condition().applied(),
            settings.batch(),
            trainingRows(),
            settings.spellRadius());
    List<MethodFigures> figures = new ArrayList<>();
    for (String name : samples.methods()) {
      SampleStore store = samples.of(name);
      SamplingMethod method =
          name.equals("rejection")
              ? compared.rejecting(
                  new StoredSampling(
                      compared.named(AuditSettings.UNPROTECTED),
                      samples.of(AuditSettings.UNPROTECTED)))
              : compared.named(name);
      SamplingStage.run(method, store, display);
      MethodFigures cost = SamplingStage.figures(method, store);
      String paid = name.equals("rejection") ? AuditSettings.UNPROTECTED : name;
      figures.add(samples.place(paid).map(cost::withSampledOn).orElse(cost));
    }
    return figures;
  }

  private static List<Long> seeds(List<WorstPair> worst) {
    return worst.stream().limit(STRIPS).map(WorstPair::seed).toList();
  }

  private float[][] trainingRows() {
    boolean compared = settings.methods().size() > 2;
    return compared ? images.training().rows(0, images.training().size()) : new float[0][];
  }

  /** The images of every set. */
  private Map<String, RowSource> pixels(SampleSets samples) {
    Map<String, RowSource> pixels = new LinkedHashMap<>();
    pixels.put(AuditImages.TRAINING, images.training());
    pixels.put(AuditImages.HELD_OUT, images.heldOut());
    samples.methods().forEach(method -> pixels.put(method, samples.of(method).images()));
    return pixels;
  }

  private List<QualityFigures> quality(
      FeatureSets features, SampleSets samples, FinishedStages finished) throws IOException {
    List<QualityFigures> all = new ArrayList<>();
    for (FeatureFiles files : features.all()) {
      String name = files.embedder().name();
      all.addAll(
          finished.once(
              "quality-" + name,
              new TypeToken<List<QualityFigures>>() {},
              () -> {
                try (AuditDisplay.Stage stage =
                    display.begin("quality by " + name, "comparisons")) {
                  return new QualityStage(files).figures(samples.methods(), settings.seed(), stage);
                }
              }));
    }
    return all;
  }

  private MembershipStages membership(Map<String, RowSource> pixels, FinishedStages finished)
      throws IOException {
    MembershipPlan.Images attacked =
        new MembershipPlan.Images(
            images.training(),
            images.heldOut(),
            Checks.entry(pixels, AuditSettings.UNPROTECTED),
            Checks.entry(pixels, AuditSettings.PROTECTED));
    return MembershipStages.run(model, attacked, settings, finished, display);
  }

  /** Says what an audit measured with what. */
  private static final class Provenances {

    private Provenances() {}

    static Provenance of(
        AuditedModel model,
        AuditImages images,
        List<Embedder> embedders,
        AuditSettings settings,
        WorkFolder work) {
      Map<String, String> described = settings.described();
      described.put("device", model.sampler().device().device().toString());
      described.put("condition", model.condition().described());
      embedders.forEach(it -> described.put("embedder " + it.name(), it.description()));
      return new Provenance(
          model.manifest().name(),
          model.files(),
          model.protection(),
          images.identities(),
          described,
          Versions.all(),
          work.began(),
          work.seconds());
    }
  }

  /** The pictures of a report, read from the samples and the images of an audit. */
  private record StoredPictures(SampleSets samples, AuditImages images, StripStage strips)
      implements ReportPictures {

    @Override
    public Optional<FloatImage> sample(String method, long seed) {
      return samples.of(method).image(seed);
    }

    @Override
    public Optional<FloatImage> trainingImage(int index) {
      return Optional.of(images.trainingImage(index));
    }

    @Override
    public Optional<FloatImage> frame(long seed, int frame, boolean guarded) {
      try {
        return strips.frame(seed, frame, guarded);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The features of all sets of images, by every embedder. */
  private static final class FeatureSets implements Closeable {

    private final List<FeatureFiles> all;

    FeatureSets(WorkFolder work, List<Embedder> embedders) {
      this.all = embedders.stream().map(embedder -> new FeatureFiles(work, embedder)).toList();
    }

    void addAll(Map<String, RowSource> pixels, AuditDisplay display) throws IOException {
      for (FeatureFiles files : all) {
        for (Map.Entry<String, RowSource> set : pixels.entrySet()) {
          files.add(set.getKey(), set.getValue(), display);
        }
      }
    }

    List<FeatureFiles> all() {
      return all;
    }

    @Override
    public void close() throws IOException {
      for (FeatureFiles files : all) {
        files.close();
      }
    }
  }

  /** A method whose images are read again, where they are stored: at most a batch at a time. */
  private record StoredSampling(SamplingMethod method, SampleStore store)
      implements SamplingMethod {

    @Override
    public String name() {
      return method.name();
    }

    @Override
    public String title() {
      return method.title();
    }

    @Override
    public String settings() {
      return method.settings();
    }

    @Override
    public void sample(long firstSeed, int count, SampleSink sink, Progress progress) {
      try {
        for (StoredSample sample : store.batch(firstSeed).subList(0, count)) {
          sink.accept(of(sample));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      progress.onStep(1, 1);
    }

    private AuditSample of(StoredSample sample) {
      Optional<FloatImage> image = store.image(sample.seed());
      return new AuditSample(sample.seed(), image, sample.trajectory(), sample.cost());
    }
  }
}

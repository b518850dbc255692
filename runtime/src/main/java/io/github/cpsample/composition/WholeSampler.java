package io.github.cpsample.composition;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.Plan;
import io.github.cpsample.diffusion.SamplerStep;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.Correction.Move;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.StrengthInputs;
import io.github.cpsample.protection.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes the protected trajectory of a model as one ONNX model: a {@code Loop} over the sampler's
 * steps that holds denoiser, classifier, gate, backward pass, force and update. It runs wherever
 * ONNX Runtime runs, without this library.
 *
 * <p>Inputs: {@code noise} float [N,C,H,W], standard normal; {@code step_noise} float
 * [draws,N,C,H,W], standard normal, only where fresh noise is drawn, by the sampler or on ways back
 * ({@link #draws}): a row's k-th draw is the k-th slice; {@code label} int64 [N], only for a
 * conditional denoiser; {@code alpha} and {@code scale}, float64 scalars, which can strengthen the
 * protection of the manifest but not weaken it ({@link StrengthInputs}).
 *
 * <p>Outputs: {@code images} float [N,C,H,W], about [-1, 1]; {@code steps_guarded} int64 [N];
 * {@code certainty} float [N], the classifier's certainty at the last step that asked it, in [1/2,
 * 1], NaN if no step did; {@code denoiser_calls} int64 [N], how many steps each image took, only
 * where steps may be repeated; {@code recognised} bool [N], whether the finished image is still
 * recognised, only where finished images are looked at.
 *
 * <p>Where the manifest's correction sends rows back, every row has a place of its own in the table
 * of steps. The loop ends when all rows are done, and runs the networks on those alone that are
 * not.
 *
 * <p>The classifier tells training images from others, and is inside: keep the file as the training
 * data is kept.
 */
public final class WholeSampler {

  /** The input of initial noise. */
  public static final String NOISE = "noise";

  /** The input of fresh noise. */
  public static final String STEP_NOISE = "step_noise";

  /** The input of the gate's threshold. */
  public static final String ALPHA = StrengthNodes.ALPHA;

  /** The input of the push's strength. */
  public static final String SCALE = StrengthNodes.SCALE;

  /** The output of images. */
  public static final String IMAGES = "images";

  /** The output of the number of guarded steps. */
  public static final String STEPS_GUARDED = "steps_guarded";

  /** The output of the number of steps taken. */
  public static final String DENOISER_CALLS = "denoiser_calls";

  /** The output of whether finished images are recognised. */
  public static final String RECOGNISED = "recognised";

  /** The output of the last certainty. */
  public static final String CERTAINTY = "certainty";

  private final Manifest manifest;
  private final ProtectedModels models;
  private final Plan plan;
  private final List<SamplerStep> steps;
  private final StepTable table;
  private final StrengthNodes strength;
  private final WayBack way;
  private final StepNodes step;
  private final Shape images;
  private final Shape rows;

  private WholeSampler(
      Manifest manifest, ProtectedModels models, Plan plan, StrengthInputs strength) {
    Correction correction = manifest.protection().correction();
    this.manifest = manifest;
    this.models = models;
    this.plan = correction.repeats() ? plan : Plan.of(plan.trajectory());
    this.steps = this.plan.steps();
    this.table = StepTable.of(this.plan);
    this.strength = new StrengthNodes(strength, manifest.protection());
    this.way = new WayBack(this.plan, correction);
    this.step =
        new StepNodes(manifest, models, table.layout(), correction.kind().move() == Move.PUSH);
    this.images = StepNodes.images(manifest);
    this.rows = Shape.of(images.dim(0));
  }

  /**
   * Composes the model.
   *
   * @param manifest the model; its protection is what the graph does at least
   * @param denoiser the model's denoiser
   * @param fallback the model's fallback denoiser, of the same opset; needed where the manifest's
   *     correction hands over
   * @param classifier the model's classifier, of the same opset as the denoiser, at least 13
   * @param plan the steps
   * @param strength how alpha and scale are given
   * @return a model of the denoiser's opset
   * @throws IllegalArgumentException if the networks do not fit together, the classifier cannot be
   *     differentiated, the sampler reads what a graph does not ({@link StepTable#of}), or the
   *     correction is one whose moves are found by trying
   */
  public static OnnxModel compose(
      Manifest manifest,
      OnnxModel denoiser,
      Optional<OnnxModel> fallback,
      OnnxModel classifier,
      Plan plan,
      StrengthInputs strength) {
    Correction.Kind kind = manifest.protection().correction().kind();
    if (kind.move() == Move.EXIT) {
      throw new IllegalArgumentException(
          "correction: expected push, heal or restart to write the sampler as a graph, found "
              + kind
              + ", whose moves are found by trying; sample the model as a bundle");
    }
    ProtectedModels models = ProtectedModels.of(manifest, denoiser, fallback, classifier);
    OnnxModel model = new WholeSampler(manifest, models, plan, strength).write();
    return Description.of(manifest, plan).addTo(model);
  }

  /**
   * How many slices {@code step_noise} has: how often a row draws fresh noise at most, in the steps
   * and on ways back.
   *
   * @param plan the steps
   * @param correction the manifest's
   * @return 0 where the model has no such input
   */
  public static int draws(Plan plan, Correction correction) {
    return new WayBack(plan, correction).draws();
  }

  /** What a row has of its own from step to step. */
  private record Slot(ElementType type, Shape shape, Tensor first) {}

  private static final String LAST_CERTAINTY = "last_certainty";
  private static final String X = "x";
  private static final String COUNT = "count";
  private static final String POSITION = "position";
  private static final String TAKEN = "taken";
  private static final String DRAWN = "drawn";
  private static final String RETURNED = "returned";
  private static final String REDONE = "redone";
  private static final String CALLS = "calls";
  private static final String SEEN = "seen";
  private static final String KEPT = "kept";

  private static String past(int age) {
    return "past_" + age;
  }

  /** All slots besides x, in their order. */
  private Map<String, Slot> slots() {
    Slot number = new Slot(ElementType.INT64, rows, Tensor.of(new long[] {0}, 1));
    Slot image = new Slot(ElementType.FLOAT, images, Tensor.of(new float[] {0}, 1));
    Tensor no = Tensor.ofBytes(ElementType.BOOL, new byte[] {0}, 1);
    Map<String, Slot> slots = new LinkedHashMap<>();
    slots.put(COUNT, number);
    slots.put(
        LAST_CERTAINTY, new Slot(ElementType.FLOAT, rows, Tensor.of(new float[] {Float.NaN}, 1)));
    if (way.repeats()) {
      for (String name : List.of(POSITION, TAKEN, DRAWN, RETURNED, REDONE, CALLS)) {
        slots.put(name, number);
      }
      slots.put(SEEN, new Slot(ElementType.BOOL, rows, no));
    }
    for (int age = 1; age <= table.layout().past(); age++) {
      slots.put(past(age), image);
    }
    if (table.layout().memory().keeps()) {
      slots.put(KEPT, image);
    }
    return slots;
  }

  /**
   * The values around the loop that its body uses.
   *
   * @param stepNoise [draws,N,C,H,W]; null where nothing is drawn
   * @param label int64 [N]; null for an unconditional denoiser
   * @param alpha by step, and of finished images, float64 [steps+1]
   * @param scale float64 scalar
   */
  private record Outer(
      @Nullable Value stepNoise, @Nullable Value label, Value alpha, Value scale) {}

  private OnnxModel write() {
    GraphBuilder graph = new GraphBuilder("protected-sampler", models.opsets());
    Nodes nodes = new Nodes(graph);
    Value noise = graph.input(NOISE, ElementType.FLOAT, images);
    Outer outer = outer(nodes);
    Value begun = noise;
    double scale = plan.trajectory().initialScale();
    if (scale != 1) {
      begun = nodes.narrow(nodes.times(nodes.wide(noise), nodes.number(scale)));
    }
    List<Value> state = new ArrayList<>(List.of(nodes.index(way.trips()), graph.omitted(), begun));
    Map<String, Slot> slots = slots();
    for (Slot slot : slots.values()) {
      boolean image = slot.shape().equals(images);
      Value shape = image ? nodes.shapeOf(noise) : nodes.rows(noise);
      state.add(nodes.filled(shape, slot.first()));
    }
    List<Value> results =
        graph.nodes(
            "Loop",
            state,
            1 + slots.size(),
            Attribute.graph("body", body(graph.subgraph("step"), outer)));
    Map<String, Value> last = new LinkedHashMap<>();
    int at = 1;
    for (String name : slots.keySet()) {
      last.put(name, results.get(at++));
    }
    graph.output(IMAGES, results.get(0), ElementType.FLOAT, images);
    graph.output(STEPS_GUARDED, Checks.entry(last, COUNT), ElementType.INT64, rows);
    graph.output(CERTAINTY, Checks.entry(last, LAST_CERTAINTY), ElementType.FLOAT, rows);
    if (way.repeats()) {
      graph.output(DENOISER_CALLS, Checks.entry(last, CALLS), ElementType.INT64, rows);
    }
    if (way.redos() > 0) {
      graph.output(RECOGNISED, Checks.entry(last, SEEN), ElementType.BOOL, rows);
    }
    return graph.build();
  }

  private Outer outer(Nodes nodes) {
    GraphBuilder graph = nodes.graph();
    Value stepNoise = null;
    if (way.draws() > 0) {
      List<Dim> dims = new ArrayList<>(List.of(Dim.of(way.draws())));
      dims.addAll(images.dims());
      stepNoise = graph.input(STEP_NOISE, ElementType.FLOAT, new Shape(dims));
    }
    Value label =
        manifest.denoiser().classes() > 0
            ? graph.input(DenoiserSpec.LABEL_INPUT, ElementType.INT64, rows)
            : null;
    double[] timesteps = steps.stream().mapToDouble(SamplerStep::timestep).toArray();
    return new Outer(stepNoise, label, strength.alpha(nodes, timesteps), strength.scale(nodes));
  }

  /** The body of the loop while it is written. */
  private final class Body {
    private final Nodes nodes;
    private final Outer outer;
    private final Value trip;
    private final Map<String, Value> all = new LinkedHashMap<>();

    /** Where the rows are that are under way; null where all are. */
    private final @Nullable Value places;

    Body(GraphBuilder graph, Outer outer) {
      this.nodes = new Nodes(graph);
      this.outer = outer;
      this.trip = graph.input("trip", ElementType.INT64, Shape.of());
      graph.input("go_on", ElementType.BOOL, Shape.of());
      all.put(X, graph.input(X, ElementType.FLOAT, images));
      slots().forEach((name, slot) -> all.put(name, graph.input(name, slot.type(), slot.shape())));
      this.places = way.repeats() ? underWay(Checks.entry(all, POSITION)) : null;
    }

    private Value underWay(Value position) {
      return nodes.places(nodes.less(position, nodes.index(steps.size())));
    }

    /** What is known of the rows under way. */
    private Value now(String name) {
      return places == null
          ? Checks.entry(all, name)
          : nodes.gather(Checks.entry(all, name), places);
    }

    private Value ofStep(Tensor values, Value position) {
      return nodes.gather(nodes.constant(values), position);
    }

    private Value forEach(Value scalar, Value x) {
      return nodes.expand(scalar, nodes.rows(x));
    }

    Graph write() {
      Map<String, Value> next = advance();
      GraphBuilder graph = nodes.graph();
      Map<String, Value> state = new LinkedHashMap<>();
      for (String name : all.keySet()) {
        Value value = Checks.entry(next, name);
        state.put(
            name, places == null ? value : nodes.scattered(Checks.entry(all, name), places, value));
      }
      Value goOn =
          places == null
              ? nodes.less(trip, nodes.index(steps.size()))
              : nodes.any(underWay(Checks.entry(state, POSITION)));
      graph.output("still_go_on", goOn, ElementType.BOOL, Shape.of());
      graph.output("next_" + X, Checks.entry(state, X), ElementType.FLOAT, images);
      slots()
          .forEach(
              (name, slot) ->
                  graph.output(
                      "next_" + name, Checks.entry(state, name), slot.type(), slot.shape()));
      return graph.graph();
    }

    private Map<String, Value> advance() {
      Value x = now(X);
      Value position = places == null ? forEach(trip, x) : now(POSITION);
      Value taken = places == null ? position : now(TAKEN);
      Value drawn = places == null ? position : now(DRAWN);
      boolean fresh = steps.stream().anyMatch(SamplerStep::usesNoise);
      Value stepNoise = null;
      if (fresh && places == null) {
        stepNoise = nodes.gather(Objects.requireNonNull(outer.stepNoise(), STEP_NOISE), trip);
      } else if (fresh) {
        stepNoise = noise().next(nodes, drawn);
        drawn = nodes.plus(drawn, ofStep(usesNoise(), position));
      }
      StepNodes.Memory memory = memory();
      StepNodes.Result result =
          step.write(
              nodes,
              new StepNodes.Operands(
                  x,
                  ofStep(timesteps(), position),
                  label(),
                  handedOver(),
                  stepNoise,
                  numbers(position, taken),
                  memory,
                  asking(x, position)));
      Map<String, Value> next = new LinkedHashMap<>();
      next.put(X, result.update().next());
      Value guarded = nodes.cast(result.guarded(), ElementType.INT64);
      next.put(COUNT, nodes.plus(now(COUNT), guarded));
      next.put(LAST_CERTAINTY, result.certainty());
      for (int age = 1; age <= table.layout().past(); age++) {
        next.put(past(age), age == 1 ? result.update().remembered() : memory.past().get(age - 2));
      }
      if (memory.kept() != null) {
        next.put(KEPT, result.update().kept());
      }
      if (places != null) {
        next.put(CALLS, nodes.plus(now(CALLS), nodes.index(1)));
        WayBackNodes.Place place =
            new WayBackNodes.Place(position, taken, drawn, now(RETURNED), now(REDONE), now(SEEN));
        settle(next, place, result.guarded());
      }
      return next;
    }

    /** Moves rows on or back, and looks at those that are finished. */
    private void settle(Map<String, Value> next, WayBackNodes.Place place, Value guarded) {
      WayBackNodes back = new WayBackNodes(nodes, way, noise(), steps.size());
      WayBackNodes.Rows settled =
          back.check(
              back.settle(new WayBackNodes.Rows(Checks.entry(next, X), place), guarded),
              (inner, x) ->
                  step.logCertainty(
                      inner,
                      "check/",
                      x,
                      inner.filled(inner.rows(x), Tensor.of(new float[] {0}, 1))),
              nodes.gather(outer.alpha(), nodes.index(steps.size())));
      next.put(X, settled.x());
      next.put(POSITION, settled.place().position());
      next.put(TAKEN, settled.place().taken());
      next.put(DRAWN, settled.place().drawn());
      next.put(RETURNED, settled.place().returned());
      next.put(REDONE, settled.place().redone());
      next.put(SEEN, settled.place().recognised());
    }

    /** Rows that were sent back or redone go on with the fallback denoiser. */
    private @Nullable Value handedOver() {
      boolean never = places == null || !manifest.protection().correction().kind().handsOver();
      return never ? null : nodes.greater(nodes.plus(now(RETURNED), now(REDONE)), nodes.index(0));
    }

    private @Nullable Value label() {
      Value all = outer.label();
      return all == null || places == null ? all : nodes.gather(all, places);
    }

    private Value numbers(Value position, Value taken) {
      Value most = nodes.index(table.histories() - 1L);
      Value known = nodes.where(nodes.less(taken, most), taken, most);
      return nodes.gatherNd(
          nodes.constant(table.toTensor()), WayBackNodes.pairs(nodes, position, known));
    }

    /** Of the rows under way, where rows can be sent back. */
    private WayBackNodes.Noise noise() {
      return new WayBackNodes.Noise(
          Optional.ofNullable(outer.stepNoise()),
          Objects.requireNonNull(places, "places"),
          way.draws());
    }

    private StepNodes.Memory memory() {
      List<Value> past = new ArrayList<>();
      for (int age = 1; age <= table.layout().past(); age++) {
        past.add(now(past(age)));
      }
      return new StepNodes.Memory(past, table.layout().memory().keeps() ? now(KEPT) : null);
    }

    private StepNodes.Asking asking(Value x, Value position) {
      boolean ofImage = manifest.protection().asks() == Subject.X_0;
      return new StepNodes.Asking(
          nodes.gather(nodes.flags(asked()), position),
          nodes.gather(outer.alpha(), position),
          forEach(outer.scale(), x),
          now(LAST_CERTAINTY),
          null,
          ofImage ? ofStep(subjects(), position) : null);
    }
  }

  private Graph body(GraphBuilder graph, Outer outer) {
    return new Body(graph, outer).write();
  }

  private boolean[] asked() {
    boolean[] asked = new boolean[steps.size()];
    for (int i = 0; i < asked.length; i++) {
      asked[i] = manifest.protection().asksIn(steps.get(i).timestep(), plan.timestepAfter(i));
    }
    return asked;
  }

  private Tensor subjects() {
    ProtectionSettings protection = manifest.protection();
    boolean bounded = manifest.pipeline().latent().isEmpty();
    double[] numbers = new double[steps.size() * ProtectedStep.SubjectFactors.WIDTH];
    for (int i = 0; i < steps.size(); i++) {
      NoiseLevel level = steps.get(i).level();
      int from = i * ProtectedStep.SubjectFactors.WIDTH;
      ProtectedStep.SubjectFactors.put(
          protection.asks(), manifest.denoiser().predictionType(), bounded, level, numbers, from);
    }
    return Tensor.of(numbers, steps.size(), ProtectedStep.SubjectFactors.WIDTH);
  }

  private Tensor usesNoise() {
    long[] draws = steps.stream().mapToLong(it -> it.usesNoise() ? 1 : 0).toArray();
    return Tensor.of(draws, draws.length);
  }

  private Tensor timesteps() {
    float[] timesteps = new float[steps.size()];
    for (int i = 0; i < timesteps.length; i++) {
      timesteps[i] = (float) steps.get(i).timestep();
    }
    return Tensor.of(timesteps, timesteps.length);
  }
}

package io.github.cpsample.sampling;

import io.github.cpsample.base.Checks;
import io.github.cpsample.base.Resources;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.composition.ProtectedStep;
import io.github.cpsample.composition.StepTable;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The sessions of a model: denoiser, classifier, and the classifier with its vector-Jacobian
 * product, which is derived here; and those of whole protected steps, for requests that want them.
 * A session runs its whole graph whatever is asked of it, so the classifier has one without the
 * backward half.
 */
final class Networks implements AutoCloseable {

  /** What networks that are in memory twice, once for each number of threads, take at most. */
  private static final long SMALL = 64L << 20;

  private final Resources open = new Resources();
  private final ResolvedDevice device;
  private final Sessions ofAllThreads;
  private final Optional<Sessions> ofOneThread;
  private final int cores;
  private final StepNetworks steps;
  private final StepNetworks fallbackSteps;

  Networks(ModelBundle bundle, ResolvedDevice device, SessionSettings settings) {
    Manifest manifest = bundle.manifest();
    Manifest.Classifier spec = manifest.classifier();
    this.device = device;
    try {
      byte[] classifierModel = bundle.file(spec.file());
      byte[] gradientModel = derive(classifierModel, spec);
      this.ofAllThreads = sessions(bundle, classifierModel, gradientModel, settings);
      ofAllThreads.open();
      int threads =
          settings.threads() > 0 ? settings.threads() : Runtime.getRuntime().availableProcessors();
      this.cores = cores(manifest, device.device().kind(), threads);
      this.ofOneThread =
          cores == 1
              ? Optional.empty()
              : Optional.of(
                  sessions(bundle, classifierModel, gradientModel, settings.withThreads(1)));
      this.steps = steps(bundle, manifest.denoiser().file(), classifierModel, settings);
      open.add(steps);
      this.fallbackSteps =
          manifest
              .pipeline()
              .fallback()
              .map(file -> steps(bundle, file, classifierModel, settings))
              .orElse(steps);
      open.add(fallbackSteps);
    } catch (RuntimeException e) {
      open.closeAfter(e);
      throw e;
    }
  }

  /**
   * One where all rows have to share a run: on other devices, where networks take a fixed number of
   * images, and where the model, with files of constants beside its networks, is too large to be in
   * memory twice.
   *
   * @param threads how many may compute
   */
  static int cores(Manifest manifest, Device.Kind device, int threads) {
    long bytes = manifest.files().values().stream().mapToLong(Manifest.FileEntry::bytes).sum();
    boolean shared =
        device == Device.Kind.CPU
            && manifest.denoiser().signature().fixedBatch() == 0
            && bytes <= SMALL;
    return shared ? threads : 1;
  }

  /** Where they run. */
  ResolvedDevice device() {
    return device;
  }

  /** How many runs of one thread may compute rows beside each other; one where none should. */
  int cores() {
    return cores;
  }

  /** Sessions whose operators have all threads. */
  Sessions ofAllThreads() {
    return ofAllThreads;
  }

  /** Sessions that any number of threads may run beside each other. */
  Sessions ofOneThread() {
    return ofOneThread.orElse(ofAllThreads);
  }

  /** Whole protected steps. */
  StepNetworks steps() {
    return steps;
  }

  /** Whole protected steps of the fallback denoiser; those of the denoiser where there is none. */
  StepNetworks fallbackSteps() {
    return fallbackSteps;
  }

  /** Closes all, whatever fails. */
  @Override
  public void close() {
    open.close();
  }

  private static byte[] derive(byte[] classifier, Manifest.Classifier spec) {
    return OnnxCodec.toBytes(
        ReverseDifferentiator.of(OnnxCodec.read(classifier))
            .outputs(spec.output())
            .withRespectTo(spec.input())
            .differentiate());
  }

  private Sessions sessions(
      ModelBundle bundle, byte[] classifier, byte[] gradient, SessionSettings settings) {
    String of = " of " + bundle.manifest().name();
    String file = bundle.manifest().denoiser().file();
    return new Sessions(
        open.add(LazySession.of("denoiser" + of, bundle, file, device, settings)),
        bundle
            .manifest()
            .pipeline()
            .fallback()
            .map(
                other ->
                    open.add(
                        LazySession.of("fallback denoiser" + of, bundle, other, device, settings))),
        open.add(LazySession.of("classifier" + of, classifier, device, settings)),
        open.add(LazySession.of("gradient of the classifier" + of, gradient, device, settings)));
  }

  /** Whole steps, of a denoiser that can be a part of another graph. */
  private StepNetworks steps(
      ModelBundle bundle, String file, byte[] classifier, SessionSettings settings) {
    Manifest manifest = bundle.manifest();
    String name = "protected step of " + manifest.name();
    DenoiserSpec spec = manifest.denoiser();
    boolean usual = spec.isUsual() && bundle.path(file).isEmpty();
    byte[] denoiser = usual ? bundle.file(file) : new byte[0];
    return new StepNetworks(
        name,
        layout -> {
          Checks.argument(
              usual,
              "denoiser",
              "a model in memory with float images and float timesteps [N]",
              spec.signature());
          return ProtectedStep.compose(
              manifest, OnnxCodec.read(denoiser), OnnxCodec.read(classifier), layout);
        },
        model -> InferenceSession.open(name, model, device, settings));
  }

  /** What a step runs; each is opened when it is first asked for. Thread-safe. */
  record Sessions(
      LazySession lazyDenoiser,
      Optional<LazySession> lazyFallback,
      LazySession lazyClassifier,
      LazySession lazyGradient) {

    /** Opens all but the fallback. */
    void open() {
      denoiser();
      classifier();
      gradient();
    }

    InferenceSession denoiser() {
      return lazyDenoiser.get();
    }

    /** The denoiser that goes on with what is guarded. */
    InferenceSession fallback() {
      return lazyFallback.orElseThrow().get();
    }

    InferenceSession classifier() {
      return lazyClassifier.get();
    }

    InferenceSession gradient() {
      return lazyGradient.get();
    }
  }

  /**
   * Sessions of whole protected steps, one for each layout of factors, composed and opened when
   * they are first asked for. Thread-safe.
   */
  static final class StepNetworks implements AutoCloseable {
    private final String name;
    private final Function<StepTable.Layout, OnnxModel> composer;
    private final Function<byte[], InferenceSession> opener;
    private final Map<StepTable.Layout, Network> networks = new HashMap<>();
    private boolean closed;

    /** A session, or why there is none. */
    private record Network(Optional<InferenceSession> session, String obstacle) {}

    /**
     * @param composer makes the model
     * @param opener opens it
     */
    StepNetworks(
        String name,
        Function<StepTable.Layout, OnnxModel> composer,
        Function<byte[], InferenceSession> opener) {
      this.name = name;
      this.composer = composer;
      this.opener = opener;
    }

    /** The session; empty if the networks do not fit into one graph. */
    Optional<InferenceSession> get(StepTable.Layout layout) {
      return network(layout).session();
    }

    /** Why there is no session; empty where there is one. */
    String obstacle(StepTable.Layout layout) {
      return network(layout).obstacle();
    }

    @Override
    public synchronized void close() {
      closed = true;
      networks.values().forEach(it -> it.session().ifPresent(InferenceSession::close));
    }

    private synchronized Network network(StepTable.Layout layout) {
      if (closed) {
        throw new IllegalStateException(name + ": expected an open sampler, found a closed one");
      }
      return networks.computeIfAbsent(layout, this::compose);
    }

    private Network compose(StepTable.Layout layout) {
      try {
        byte[] model = OnnxCodec.toBytes(composer.apply(layout));
        return new Network(Optional.of(opener.apply(model)), "");
      } catch (IllegalArgumentException | InferenceException e) {
        return new Network(Optional.empty(), Checks.message(e));
      }
    }
  }
}

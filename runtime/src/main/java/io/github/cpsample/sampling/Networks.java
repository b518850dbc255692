package io.github.cpsample.sampling;

import io.github.cpsample.bundle.ClassifierSpec;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.composition.ProtectedStep;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The sessions of a model: one for a whole protected step, where denoiser and classifier fit into
 * one graph, and three for the separate runs: denoiser, classifier, and the classifier with its
 * vector-Jacobian product. A session runs its whole graph whatever is asked of it, so the
 * classifier has one without the backward half. All graphs are derived when a model is opened;
 * sessions that the usual request does not need are opened when one needs them.
 */
final class Networks implements AutoCloseable {
  private final ResolvedDevice device;
  private final SessionSettings settings;
  private final InferenceSession step;
  private final String whyNoStep;
  private final LazySession denoiser;
  private final LazySession classifier;
  private final LazySession gradient;

  Networks(ModelBundle bundle, ResolvedDevice device, SessionSettings settings) {
    this.device = device;
    this.settings = settings;
    Manifest manifest = bundle.manifest();
    ClassifierSpec spec = manifest.classifier();
    byte[] classifierModel = bundle.file(spec.file());
    OnnxModel readClassifier = OnnxCodec.read(classifierModel);
    byte[] gradientModel = OnnxCodec.toBytes(derive(readClassifier, spec));
    this.denoiser = denoiser(bundle);
    this.classifier = lazy("classifier of " + manifest.name(), classifierModel);
    this.gradient = lazy("gradient of the classifier of " + manifest.name(), gradientModel);
    InferenceSession opened = null;
    String reason = "";
    try {
      OnnxModel composed = ProtectedStep.compose(manifest, usual(bundle), readClassifier);
      opened = open("protected step of " + manifest.name(), OnnxCodec.toBytes(composed));
    } catch (IllegalArgumentException | InferenceException e) {
      reason = e.getMessage();
    }
    this.step = opened;
    this.whyNoStep = reason;
    if (step == null) {
      openSeparate();
    }
  }

  /** The whole protected step; empty where the networks do not fit into one graph. */
  Optional<InferenceSession> step() {
    return Optional.ofNullable(step);
  }

  /** Why there is no {@link #step}. */
  String whyNoStep() {
    return whyNoStep;
  }

  InferenceSession denoiser() {
    return denoiser.get();
  }

  InferenceSession classifier() {
    return classifier.get();
  }

  InferenceSession gradient() {
    return gradient.get();
  }

  /** Closes all, whatever fails. */
  @Override
  public void close() {
    RuntimeException failure = closeAll(null);
    if (failure != null) {
      throw failure;
    }
  }

  private void openSeparate() {
    try {
      List.of(denoiser, classifier, gradient).forEach(LazySession::get);
    } catch (RuntimeException e) {
      closeAll(e);
      throw e;
    }
  }

  private LazySession denoiser(ModelBundle bundle) {
    String name = "denoiser of " + bundle.manifest().name();
    String file = bundle.manifest().denoiser().file();
    Optional<Path> path = bundle.path(file);
    if (path.isPresent()) {
      return new LazySession(name, () -> InferenceSession.open(name, path.get(), device, settings));
    }
    return lazy(name, bundle.file(file));
  }

  /** A denoiser that can be a part of another graph. */
  private static OnnxModel usual(ModelBundle bundle) {
    DenoiserSpec spec = bundle.manifest().denoiser();
    if (!spec.isUsual() || bundle.path(spec.file()).isPresent()) {
      throw new IllegalArgumentException(
          "denoiser: expected a model in memory with float images and float timesteps [N], found "
              + spec.signature());
    }
    return OnnxCodec.read(bundle.file(spec.file()));
  }

  private static OnnxModel derive(OnnxModel classifier, ClassifierSpec spec) {
    return ReverseDifferentiator.of(classifier)
        .outputs(spec.output())
        .withRespectTo(spec.input())
        .differentiate();
  }

  private LazySession lazy(String name, byte[] model) {
    Supplier<InferenceSession> opener = () -> open(name, model);
    return new LazySession(name, opener);
  }

  private InferenceSession open(String name, byte[] model) {
    return InferenceSession.open(name, model, device, settings);
  }

  private RuntimeException closeAll(RuntimeException failure) {
    RuntimeException first = failure;
    List<Runnable> closers =
        List.of(
            () -> step().ifPresent(InferenceSession::close),
            denoiser::close,
            classifier::close,
            gradient::close);
    for (Runnable closer : closers) {
      try {
        closer.run();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    return first;
  }
}

package io.github.cpsample.sampling;

import io.github.cpsample.bundle.ClassifierSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The sessions of a model: denoiser, classifier, and the classifier with its vector-Jacobian
 * product, which is derived here; and one of a whole protected step, for requests that want it. A
 * session runs its whole graph whatever is asked of it, so the classifier has one without the
 * backward half.
 */
final class Networks implements AutoCloseable {
  private final Deque<Runnable> open = new ArrayDeque<>();
  private final ResolvedDevice device;
  private final InferenceSession denoiser;
  private final InferenceSession classifier;
  private final InferenceSession gradient;
  private final StepNetwork step;

  Networks(ModelBundle bundle, ResolvedDevice device, SessionSettings settings) {
    Manifest manifest = bundle.manifest();
    ClassifierSpec spec = manifest.classifier();
    this.device = device;
    try {
      byte[] classifierModel = bundle.file(spec.file());
      byte[] denoiserModel = bundle.file(manifest.denoiser().file());
      this.denoiser = open("denoiser of " + manifest.name(), denoiserModel, device, settings);
      this.classifier = open("classifier of " + manifest.name(), classifierModel, device, settings);
      this.gradient =
          open(
              "gradient of the classifier of " + manifest.name(),
              derive(classifierModel, spec),
              device,
              settings);
      String stepName = "protected step of " + manifest.name();
      this.step =
          new StepNetwork(
              manifest,
              denoiserModel,
              classifierModel,
              model -> InferenceSession.open(stepName, model, device, settings));
      open.push(step::close);
    } catch (RuntimeException e) {
      closeAll(e);
      throw e;
    }
  }

  /** Where they run. */
  ResolvedDevice device() {
    return device;
  }

  InferenceSession denoiser() {
    return denoiser;
  }

  InferenceSession classifier() {
    return classifier;
  }

  InferenceSession gradient() {
    return gradient;
  }

  /** The whole protected step. */
  StepNetwork step() {
    return step;
  }

  /** Closes all, whatever fails. */
  @Override
  public void close() {
    RuntimeException failure = closeAll(null);
    if (failure != null) {
      throw failure;
    }
  }

  private static byte[] derive(byte[] classifier, ClassifierSpec spec) {
    return OnnxCodec.toBytes(
        ReverseDifferentiator.of(OnnxCodec.read(classifier))
            .outputs(spec.output())
            .withRespectTo(spec.input())
            .differentiate());
  }

  private InferenceSession open(
      String name, byte[] model, ResolvedDevice device, SessionSettings settings) {
    InferenceSession session = InferenceSession.open(name, model, device, settings);
    open.push(session::close);
    return session;
  }

  private RuntimeException closeAll(RuntimeException failure) {
    RuntimeException first = failure;
    while (!open.isEmpty()) {
      try {
        open.pop().run();
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

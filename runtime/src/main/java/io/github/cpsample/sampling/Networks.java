package io.github.cpsample.sampling;

import io.github.cpsample.bundle.ClassifierSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The three sessions of a model: denoiser, classifier, and the classifier with its vector-Jacobian
 * product, which is derived here. A session runs its whole graph whatever is asked of it, so the
 * classifier has one without the backward half.
 */
final class Networks implements AutoCloseable {
  private final Deque<InferenceSession> open = new ArrayDeque<>();
  private final InferenceSession denoiser;
  private final InferenceSession classifier;
  private final InferenceSession gradient;

  Networks(ModelBundle bundle, ResolvedDevice device, SessionSettings settings) {
    Manifest manifest = bundle.manifest();
    ClassifierSpec spec = manifest.classifier();
    try {
      byte[] classifierModel = bundle.file(spec.file());
      this.denoiser = denoiser(bundle, device, settings);
      this.classifier = open("classifier of " + manifest.name(), classifierModel, device, settings);
      this.gradient =
          open(
              "gradient of the classifier of " + manifest.name(),
              derive(classifierModel, spec),
              device,
              settings);
    } catch (RuntimeException e) {
      closeAll(e);
      throw e;
    }
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

  /** Closes all three, whatever fails. */
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

  private InferenceSession denoiser(
      ModelBundle bundle, ResolvedDevice device, SessionSettings settings) {
    String name = "denoiser of " + bundle.manifest().name();
    String file = bundle.manifest().denoiser().file();
    Optional<Path> path = bundle.path(file);
    if (path.isEmpty()) {
      return open(name, bundle.file(file), device, settings);
    }
    InferenceSession session = InferenceSession.open(name, path.get(), device, settings);
    open.push(session);
    return session;
  }

  private InferenceSession open(
      String name, byte[] model, ResolvedDevice device, SessionSettings settings) {
    InferenceSession session = InferenceSession.open(name, model, device, settings);
    open.push(session);
    return session;
  }

  private RuntimeException closeAll(RuntimeException failure) {
    RuntimeException first = failure;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
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

package io.github.cpsample.sampling;

import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.composition.ProtectedStep;
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
 * The sessions of a model: denoiser, classifier, and the classifier with its vector-Jacobian
 * product, which is derived here; and those of whole protected steps, for requests that want them.
 * A session runs its whole graph whatever is asked of it, so the classifier has one without the
 * backward half.
 */
final class Networks implements AutoCloseable {
  private final Deque<Runnable> open = new ArrayDeque<>();
  private final ResolvedDevice device;
  private final InferenceSession denoiser;
  private final InferenceSession classifier;
  private final InferenceSession gradient;
  private final StepNetworks steps;

  Networks(ModelBundle bundle, ResolvedDevice device, SessionSettings settings) {
    Manifest manifest = bundle.manifest();
    Manifest.Classifier spec = manifest.classifier();
    this.device = device;
    try {
      byte[] classifierModel = bundle.file(spec.file());
      byte[] gradientModel = derive(classifierModel, spec);
      this.denoiser = openDenoiser(bundle, settings);
      this.classifier = open("classifier of " + manifest.name(), classifierModel, settings);
      this.gradient =
          open("gradient of the classifier of " + manifest.name(), gradientModel, settings);
      this.steps = steps(bundle, classifierModel, settings);
      open.push(steps::close);
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

  /** Whole protected steps. */
  StepNetworks steps() {
    return steps;
  }

  /** Closes all, whatever fails. */
  @Override
  public void close() {
    RuntimeException failure = closeAll(null);
    if (failure != null) {
      throw failure;
    }
  }

  private static byte[] derive(byte[] classifier, Manifest.Classifier spec) {
    return OnnxCodec.toBytes(
        ReverseDifferentiator.of(OnnxCodec.read(classifier))
            .outputs(spec.output())
            .withRespectTo(spec.input())
            .differentiate());
  }

  /** The denoiser from its file where it has one, since it may be larger than memory. */
  private InferenceSession openDenoiser(ModelBundle bundle, SessionSettings settings) {
    String name = "denoiser of " + bundle.manifest().name();
    String file = bundle.manifest().denoiser().file();
    Optional<Path> path = bundle.path(file);
    if (path.isEmpty()) {
      return open(name, bundle.file(file), settings);
    }
    return opened(InferenceSession.open(name, path.get(), device, settings));
  }

  /** Whole steps, of a denoiser that can be a part of another graph. */
  private StepNetworks steps(ModelBundle bundle, byte[] classifier, SessionSettings settings) {
    Manifest manifest = bundle.manifest();
    String name = "protected step of " + manifest.name();
    DenoiserSpec spec = manifest.denoiser();
    boolean usual = spec.isUsual() && bundle.path(spec.file()).isEmpty();
    byte[] denoiser = usual ? bundle.file(spec.file()) : new byte[0];
    return new StepNetworks(
        name,
        layout -> {
          if (!usual) {
            throw new IllegalArgumentException(
                "denoiser: expected a model in memory with float images and float timesteps [N],"
                    + " found "
                    + spec.signature());
          }
          return ProtectedStep.compose(
              manifest, OnnxCodec.read(denoiser), OnnxCodec.read(classifier), layout);
        },
        model -> InferenceSession.open(name, model, device, settings));
  }

  private InferenceSession open(String name, byte[] model, SessionSettings settings) {
    return opened(InferenceSession.open(name, model, device, settings));
  }

  private InferenceSession opened(InferenceSession session) {
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

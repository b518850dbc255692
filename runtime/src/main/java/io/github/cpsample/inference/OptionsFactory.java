package io.github.cpsample.inference;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;

/** The one place where session options are made. */
final class OptionsFactory {
  private OptionsFactory() {}

  /** Options for a device, which the caller closes. */
  static SessionOptions create(SessionSettings settings, Device device) throws OrtException {
    SessionOptions options = new SessionOptions();
    try {
      if (settings.threads() > 0) {
        options.setIntraOpNumThreads(settings.threads());
      }
      options.setInterOpNumThreads(1);
      if (settings.quiet()) {
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      }
      options.setOptimizationLevel(
          switch (settings.optimization()) {
            case NONE -> OptLevel.NO_OPT;
            case BASIC -> OptLevel.BASIC_OPT;
            case ALL -> OptLevel.ALL_OPT;
          });
      // Row counts change from run to run: a pattern per shape would be planned and kept for
      // nothing.
      options.setMemoryPatternOptimization(false);
      // Several sessions take turns in a step: a pool that spins after its turn takes the cores of
      // the next.
      options.addConfigEntry("session.force_spinning_stop", "1");
      if (device.kind() == Device.Kind.CUDA) {
        options.addCUDA(device.index());
      }
      return options;
    } catch (OrtException | RuntimeException e) {
      options.close();
      throw e;
    }
  }
}

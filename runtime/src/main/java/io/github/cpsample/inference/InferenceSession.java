package io.github.cpsample.inference;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A network, ready to run. Thread-safe: any number of threads may {@link #run} at once, each with
 * its own tensors; {@link #close} waits for them. Inputs are read from, and outputs written to, the
 * caller's direct memory; nothing is allocated that outlives a run.
 */
public final class InferenceSession implements AutoCloseable {
  private final String name;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Map<String, TensorSpec> inputs;
  private final Map<String, TensorSpec> outputs;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  @FunctionalInterface
  private interface Opener {
    OrtSession open(OrtEnvironment environment, SessionOptions options) throws OrtException;
  }

  private InferenceSession(String name, OrtEnvironment environment, OrtSession session)
      throws OrtException {
    this.name = name;
    this.environment = environment;
    this.session = session;
    this.inputs = specs(session.getInputInfo());
    this.outputs = specs(session.getOutputInfo());
  }

  /**
   * The version of ONNX Runtime, for reports.
   *
   * @return such as {@code 1.29.0}
   */
  public static String runtimeVersion() {
    return SharedEnvironment.get().getVersion();
  }

  /**
   * Opens a network whose file stays where it is, with the files beside it that hold its constants.
   *
   * @param name what to call it in errors
   * @param model the ONNX model's file; must stay until the session is closed
   * @param device where to run
   * @param settings how to run
   * @return the session, which the caller closes
   * @throws InferenceException if ONNX Runtime refuses the model or the device
   */
  public static InferenceSession open(
      String name, Path model, ResolvedDevice device, SessionSettings settings) {
    return open(
        name,
        (environment, options) ->
            environment.createSession(model.toAbsolutePath().toString(), options),
        device,
        settings);
  }

  /**
   * Opens a network.
   *
   * @param name what to call it in errors
   * @param model the ONNX model; not needed any more afterwards
   * @param device where to run
   * @param settings how to run
   * @return the session, which the caller closes
   * @throws InferenceException if ONNX Runtime refuses the model or the device
   */
  public static InferenceSession open(
      String name, byte[] model, ResolvedDevice device, SessionSettings settings) {
    return open(
        name,
        (environment, options) -> environment.createSession(model, options),
        device,
        settings);
  }

  private static InferenceSession open(
      String name, Opener opener, ResolvedDevice device, SessionSettings settings) {
    OrtEnvironment environment = SharedEnvironment.get();
    try (SessionOptions options = Options.create(settings, device.device())) {
      OrtSession session = opener.open(environment, options);
      try {
        return new InferenceSession(name, environment, session);
      } catch (OrtException | RuntimeException e) {
        session.close();
        throw e;
      }
    } catch (OrtException e) {
      throw new InferenceException(
          "model " + name + " cannot be opened on " + device.device() + ": " + e.getMessage(), e);
    }
  }

  /**
   * The name given when it was opened.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * The inputs that the model declares.
   *
   * @return an immutable list in the model's order
   */
  public List<TensorSpec> inputs() {
    return List.copyOf(inputs.values());
  }

  /**
   * The outputs that the model declares.
   *
   * @return an immutable list in the model's order
   */
  public List<TensorSpec> outputs() {
    return List.copyOf(outputs.values());
  }

  /**
   * Runs the network.
   *
   * @param in every input by name; read, not modified
   * @param out the outputs wanted, at least one, by name; overwritten
   * @throws IllegalArgumentException if a tensor is missing, unknown, or its type or shape is not
   *     what the model declares
   * @throws IllegalStateException if the session is closed
   * @throws InferenceException if ONNX Runtime fails, naming the model and the tensors
   */
  public void run(Map<String, TensorBuffer> in, Map<String, TensorBuffer> out) {
    check(in, out);
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(
            "model " + name + ": expected an open session, found a closed one");
      }
      runOpen(in, out);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Frees the network's memory after waiting for runs under way. Closing twice does nothing.
   *
   * @throws InferenceException if ONNX Runtime cannot free it
   */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        session.close();
      }
    } catch (OrtException e) {
      throw new InferenceException("model " + name + " cannot be closed: " + e.getMessage(), e);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void runOpen(Map<String, TensorBuffer> in, Map<String, TensorBuffer> out) {
    List<OnnxTensor> open = new ArrayList<>(in.size() + out.size());
    try {
      Map<String, OnnxTensor> fed = wrap(in, open);
      Map<String, OnnxTensor> pinned = wrap(out, open);
      session.run(fed, pinned).close();
    } catch (OrtException e) {
      throw new InferenceException(
          "model "
              + name
              + " failed with inputs "
              + in
              + " and outputs "
              + out
              + ": "
              + e.getMessage(),
          e);
    } finally {
      open.forEach(OnnxTensor::close);
    }
  }

  private Map<String, OnnxTensor> wrap(Map<String, TensorBuffer> buffers, List<OnnxTensor> open)
      throws OrtException {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, TensorBuffer> entry : buffers.entrySet()) {
      TensorBuffer buffer = entry.getValue();
      OnnxTensor tensor = wrap(buffer);
      open.add(tensor);
      tensors.put(entry.getKey(), tensor);
    }
    return tensors;
  }

  private OnnxTensor wrap(TensorBuffer buffer) throws OrtException {
    ByteBuffer memory = buffer.memory();
    long[] shape = buffer.shape();
    return switch (buffer.type()) {
      case FLOAT -> OnnxTensor.createTensor(environment, memory.asFloatBuffer(), shape);
      case FLOAT16 ->
          OnnxTensor.createTensor(environment, memory.asShortBuffer(), shape, OnnxJavaType.FLOAT16);
      case DOUBLE -> OnnxTensor.createTensor(environment, memory.asDoubleBuffer(), shape);
      case INT32 -> OnnxTensor.createTensor(environment, memory.asIntBuffer(), shape);
      case INT64 -> OnnxTensor.createTensor(environment, memory.asLongBuffer(), shape);
      case OTHER -> throw new IllegalStateException("no tensor has this type: " + buffer);
    };
  }

  private void check(Map<String, TensorBuffer> in, Map<String, TensorBuffer> out) {
    Map<String, Long> bound = new HashMap<>();
    if (in.size() != inputs.size()) {
      throw otherInputs(in);
    }
    if (out.isEmpty()) {
      throw unknownOutputs(out);
    }
    for (Map.Entry<String, TensorBuffer> entry : in.entrySet()) {
      TensorSpec spec = inputs.get(entry.getKey());
      if (spec == null) {
        throw otherInputs(in);
      }
      spec.check(name, entry.getValue(), bound);
    }
    for (Map.Entry<String, TensorBuffer> entry : out.entrySet()) {
      TensorSpec spec = outputs.get(entry.getKey());
      if (spec == null) {
        throw unknownOutputs(out);
      }
      spec.check(name, entry.getValue(), bound);
    }
  }

  private IllegalArgumentException otherInputs(Map<String, TensorBuffer> in) {
    return new IllegalArgumentException(
        "model " + name + ", inputs: expected " + inputs.keySet() + ", found " + in.keySet());
  }

  private IllegalArgumentException unknownOutputs(Map<String, TensorBuffer> out) {
    return new IllegalArgumentException(
        "model "
            + name
            + ", outputs: expected some of "
            + outputs.keySet()
            + ", found "
            + out.keySet());
  }

  private static Map<String, TensorSpec> specs(Map<String, NodeInfo> infos) {
    Map<String, TensorSpec> specs = new LinkedHashMap<>();
    infos.forEach(
        (tensor, info) -> {
          if (info.getInfo() instanceof TensorInfo declared) {
            specs.put(tensor, spec(tensor, declared));
          } else {
            specs.put(tensor, new TensorSpec(tensor, TensorType.OTHER, List.of(), List.of()));
          }
        });
    return specs;
  }

  private static TensorSpec spec(String tensor, TensorInfo info) {
    List<Long> dimensions = new ArrayList<>();
    for (long dimension : info.getShape()) {
      dimensions.add(dimension);
    }
    return new TensorSpec(
        tensor, TensorType.of(info.type), dimensions, List.of(info.getDimensionNames()));
  }

  /** The one place where session options are made. */
  static final class Options {
    private Options() {}

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
        // Several sessions take turns in a step: a pool that spins after its turn takes the cores
        // of
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
}

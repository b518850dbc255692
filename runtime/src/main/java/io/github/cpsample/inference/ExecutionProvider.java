package io.github.cpsample.inference;

/** Parts of ONNX Runtime that run graphs on a kind of device. */
public enum ExecutionProvider {
  /** The processor. */
  CPU,
  /** NVIDIA cards. */
  CUDA
}

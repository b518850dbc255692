package io.github.cpsample.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {
  @ParameterizedTest
  @ValueSource(strings = {"cpu", "cuda:0", "cuda:3", "auto"})
  void readsWhatItWrites(String text) {
    assertEquals(text, Device.parse(text).toString());
  }

  @Test
  void cudaAloneIsTheFirstCard() {
    assertEquals(Device.cuda(0), Device.parse("cuda"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gpu", "cuda:", "cuda:-1", "cuda:x", "CPU", "cuda:99999"})
  void refusesOtherNames(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Device.parse(text));
    assertEquals(
        "device: expected cpu, cuda, cuda:N or auto, found '" + text + "'", e.getMessage());
  }

  @Test
  void saysWhatToInstallWhereCudaIsMissing() {
    Assumptions.assumeFalse(
        OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA),
        "this ONNX Runtime has CUDA");
    InferenceException e =
        assertThrows(InferenceException.class, () -> ResolvedDevice.of(Device.cuda(1)));
    assertTrue(e.getMessage().startsWith("device cuda:1: "), e.getMessage());
    assertTrue(
        e.getMessage().contains("com.microsoft.onnxruntime:onnxruntime_gpu:1."), e.getMessage());
    ResolvedDevice fallback = ResolvedDevice.of(Device.auto());
    assertEquals(Device.cpu(), fallback.device());
    assertTrue(fallback.fallbackReason().orElseThrow().contains("onnxruntime_gpu"));
    assertTrue(ResolvedDevice.of(Device.cpu()).fallbackReason().isEmpty());
  }
}

package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.MalformedModelException;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Models with a few wrong bytes are differentiated or refused, and nothing else. */
class DamagedModelTest {

  private static final int TRIALS = 60;

  @Test
  void differentiatesOrRefuses() {
    Random random = new Random(7);
    int[] refused = {0};
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (OperatorCase operator : OperatorCases.all()) {
            byte[] whole = OnnxCodec.toBytes(operator.model(random.nextBoolean()));
            for (int trial = 0; trial < TRIALS; trial++) {
              byte[] damaged = whole.clone();
              for (int i = 0; i <= trial % 3; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
              }
              refused[0] += isRefused(damaged, operator) ? 1 : 0;
            }
          }
        });
    assertTrue(refused[0] > 100, "expected many refusals, found " + refused[0]);
  }

  private static boolean isRefused(byte[] bytes, OperatorCase operator) {
    try {
      OnnxModel model = OnnxCodec.read(bytes);
      assertNotNull(ReverseDifferentiator.of(model).differentiate());
      return false;
    } catch (MalformedModelException | UnsupportedOperatorException e) {
      return true;
    } catch (RuntimeException e) {
      throw new AssertionError(operator + ": expected a refusal, found " + e, e);
    }
  }
}

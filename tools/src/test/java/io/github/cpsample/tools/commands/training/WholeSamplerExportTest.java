package io.github.cpsample.tools.commands.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.ValueInfo;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.tools.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code export --whole-sampler}; that the file makes the right images, others test. */
class WholeSamplerExportTest {

  @TempDir Path folder;
  private Path model;
  private Path out;

  @BeforeEach
  void writeModel() {
    model = folder.resolve("tiny.zip");
    TinyBundle.writer().toZip(model);
    out = folder.resolve("new folder/protected-sampler.onnx");
  }

  private CommandRun export(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "export", "--whole-sampler", "--model", model.toString(), "--out", out.toString()));
    all.addAll(List.of(more));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private static List<String> names(List<ValueInfo> values) {
    return values.stream().map(ValueInfo::name).toList();
  }

  @Test
  void writesOneFileWithTheModelsDefaults() throws IOException {
    CommandRun run = export();
    assertEquals(0, run.code(), run.err());
    OnnxModel written = OnnxCodec.read(out);
    assertEquals(List.of("noise"), names(written.graph().requiredInputs()));
    assertEquals(List.of("noise", "alpha", "scale"), names(written.graph().inputs()));
    assertEquals(List.of("images", "steps_guarded", "certainty"), names(written.graph().outputs()));
    assertEquals("ddim", written.metadata().get("cpsample.sampler"));
    assertEquals("10", written.metadata().get("cpsample.steps"));
    assertEquals("0.25", written.metadata().get("cpsample.alpha"));
    assertEquals("5.0", written.metadata().get("cpsample.scale"));
    assertEquals(List.of("protected-sampler.onnx"), CommandRun.files(out.getParent()));
    assertTrue(run.out().contains("sampler ddim, 10 steps"), run.out());
    assertTrue(run.out().contains("input   noise float[N,1,8,8]"), run.out());
    assertTrue(run.out().contains("alpha double[], optional"), run.out());
    assertTrue(run.err().contains("membership oracle"), run.err());
  }

  @Test
  void takesSamplerStepsEtaAndStrengthInputs() throws IOException {
    assertEquals(0, export("--sampler", "ddpm", "--steps", "4").code());
    OnnxModel ddpm = OnnxCodec.read(out);
    assertEquals(List.of("noise", "step_noise"), names(ddpm.graph().requiredInputs()));
    assertEquals("ddpm", ddpm.metadata().get("cpsample.sampler"));
    CommandRun run =
        export(
            "--sampler", "ddim", "--steps", "3", "--eta", "0.5", "--strength-inputs", "required");
    assertEquals(0, run.code(), run.err());
    OnnxModel ddim = OnnxCodec.read(out);
    assertEquals("0.5", ddim.metadata().get("cpsample.eta"));
    assertEquals("3", ddim.metadata().get("cpsample.steps"));
    assertEquals(
        List.of("noise", "step_noise", "alpha", "scale"), names(ddim.graph().requiredInputs()));
  }

  @Test
  void aModelThatSendsRowsBackTakesNoiseForThat() throws IOException {
    TinyBundle.writer(it -> it.withCorrection(new Correction(Correction.Kind.HEAL, 200, 3, 2)))
        .toZip(model);
    CommandRun run = export();
    assertEquals(0, run.code(), run.err());
    OnnxModel written = OnnxCodec.read(out);
    assertEquals(List.of("noise", "step_noise"), names(written.graph().requiredInputs()));
    assertEquals(
        List.of("images", "steps_guarded", "certainty", "denoiser_calls", "recognised"),
        names(written.graph().outputs()));
    assertEquals(
        11,
        written.graph().inputs().get(1).shape().orElseThrow().dim(0).size(),
        "3 ways thrice, 2 redos");
    assertEquals(
        "heal back 200 timesteps, at most 3 times, at most 2 redos",
        written.metadata().get("cpsample.correction"));
  }

  @Test
  void movesThatAreFoundByTryingAreRefused() throws IOException {
    TinyBundle.writer(it -> it.withCorrection(Correction.PAPER.withKind(Correction.Kind.EXIT)))
        .toZip(model);
    CommandRun run = export();
    assertEquals(1, run.code());
    assertTrue(run.err().contains("correction: expected push, heal or restart"), run.err());
    assertEquals(List.of(), CommandRun.files(out.getParent()));
  }

  @Test
  void aFolderIsNoFile() throws IOException {
    Files.createDirectories(out);
    CommandRun run = export();
    assertEquals(1, run.code());
    assertTrue(run.err().contains("expected the name of a file"), run.err());
    assertEquals(List.of(), CommandRun.files(out));
  }

  @Test
  void tooManyStepsLeaveNothing() throws IOException {
    CommandRun run = export("--steps", "1001");
    assertEquals(1, run.code());
    assertTrue(run.err().contains("steps: expected at most 1000"), run.err());
    assertEquals(List.of(), CommandRun.files(out.getParent()));
  }
}

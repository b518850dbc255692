package io.github.cpsample.tools.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.tools.CommandRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong command lines and helps of all commands. */
class UsageTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "train denoiser",
        "train classifier",
        "train embedder",
        "export",
        "sample",
        "index",
        "guard",
        "sanitize",
        "calibrate",
        "differentiate",
        "inspect",
        "pipeline"
      })
  void everyCommandHasHelpWithAnExample(String command) {
    CommandRun run = CommandRun.ofLine(command + " --help");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().startsWith("Usage: cpsample " + command), run.out());
    assertTrue(run.out().contains("Example:"), run.out());
    assertTrue(run.out().contains("\n  cpsample " + command), run.out());
    assertTrue(run.out().lines().allMatch(line -> line.length() <= 110), run.out());
    assertTrue(CommandRun.of("--help").out().contains("  " + command), command);
  }

  @Test
  void helpSaysWhyCertaintyIsNotShownUnasked() {
    String help = CommandRun.of("sample", "--help").out().replaceAll("\\s+", " ");
    assertTrue(help.contains("whoever sees it can test whether an image was trained on"), help);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "sample --out x                             | --model: expected a value, found none",
        "sample --model tiny                        | --out: expected a value, found none",
        "sample --model t --out x --count 0         | --count: expected a whole number >= 1",
        "sample --model t --out x --sampler eular   | --sampler: expected ddim|ddpm|dpmsolver++2m",
        "sample --model t --out x --alpha 0.7       | --alpha: expected a number in (0, 0.5]",
        "sample --model t --out x --scale -1        | --scale: expected a number >= 0, found '-1'",
        "sample --model t --out x --guarded 9-3     | --guarded: expected two timesteps FROM-TO",
        "sample --model t --out x --gate soft       | --gate: expected code|paper, found 'soft'",
        "sample --model t --out x --device tpu      | --device: expected cpu, cuda, cuda:N or auto",
        "sample --model t --out x --protect off --alpha 0.1 | expected no --alpha",
        "sample --model t --out x --protect off --certainty | expected no --certainty",
        "sample --model t --out x --strength 0.5    | --strength: expected --start-image beside it",
        "sample --model t --out x --start-image a --strength 0 | --strength: expected a number in",
        "sample --model t --out x --known a         | --known: expected --mask beside it",
        "sample --model t --out x --mask a          | --mask: expected --known beside it",
        "sample --model t --out x --resample 2x2    | --resample: expected --known beside it",
        "sample --model t --out x --known a --mask b --resample 2 | --resample: expected TIMESxJUMP, for instance",
        "sample --model t --out x --size 8          | --size: expected HEIGHTxWIDTH, for instance",
        "sample --model t --out x --interpolate b   | --interpolate: expected",
        "index --data d --model m                   | --out: expected a value, found none",
        "guard --model m                            | expected IMAGES..., found none",
        "guard --model m --by index a.png           | --index: expected a value, found none",
        "guard --model m --by classifier --index i a.png | --index: expected none",
        "guard --model m --by index --index i --heldout h a.png | --heldout: expected none",
        "guard --model m --false-alarms 1 a.png     | --false-alarms: expected a number between",
        "sanitize --model m --out o a.png           | --index: expected a value, found none",
        "sanitize --model m --index i a.png         | --out: expected a value, found none",
        "sanitize --model m --index i --out o --first-strength 0.9 --last-strength 0.5 a | at least",
        "sample --model t --out x --max-tries 2     | --max-tries: expected --guarantee",
        "calibrate --model m --train t --holdout h | --max-replicas: expected a value, found none",
        "calibrate --model m --train t --holdout h --max-replicas 1 | --max-replicas: expected a share in (0, 1)",
        "calibrate --model m --train t --holdout h --max-replicas .1 --alphas .1,.7 | --alphas: expected a number in (0, 0.5], found '.7'",
        "calibrate --model m --train t --holdout h --max-replicas .1 --forces none | --forces: expected opposite-label|own-label",
        "calibrate --model m --train t --holdout h --max-replicas .1 --bits 8 | --bits: expected --train-classifier beside it",
        "calibrate --model fashion-mnist --train t --holdout h --max-replicas .1 | give --out DIR for a new bundle",
        "calibrate --model m --train t --holdout h --max-replicas .1 --train-classifier | --train-classifier: expected --out",
        "demo --count 1                             | --count: expected a whole number >= 2",
        "differentiate --in a.onnx                  | --out: expected a value, found none",
        "differentiate --in a.onnx --out ./a.onnx   | --out: expected another file than --in",
        "inspect                                    | expected one NAME|PATH, found none",
        "pipeline --out x                           | --plugins: expected a value, found none",
        "train embedder --data d --out r --size 30  | 30",
        "train denoiser --out r                     | --data: expected a value, found none",
        "train denoiser --data d --out r --size 30  | 30",
        "train denoiser --data d --out r --widths 8 | 16",
        "train denoiser --data d --out r --widths a | --widths: expected numbers like 32,64,128",
        "train denoiser --data d --out r --channels 2 | --channels: expected 1 or 3, found '2'",
        "train denoiser --data fashion-mnist --out r --size 32 | since fashion-mnist is",
        "train denoiser --data d --out r --steps 0  | at least one step",
        "train classifier --data d                  | --out: expected a value, found none",
        "train classifier --data d --out r --heldout h --bits 0 | --bits: expected a whole number",
        "train classifier --denoiser a --flips --data d --out r --heldout h | --flips: expected none",
        "export --denoiser a --classifier b --out c | --name: expected a value, found none",
        "export --denoiser a --classifier b --out c --name a/b | --name: expected letters, digits",
        "export --denoiser a --classifier b --out c --name n --alpha 0 | --alpha: expected a number",
        "export --denoiser a --classifier b --out c --name n --steps 5 | together with --whole",
        "export --whole-sampler --out c --name n    | --whole-sampler: expected no --name",
        "export --whole-sampler --out c --alpha 0.1 | --whole-sampler: expected no --alpha",
        "export --whole-sampler                     | --out: expected a value, found none",
        "export --whole-sampler --out c --sampler x | --sampler: expected ddim|ddpm|",
        "export --whole-sampler --out c --sampler heun --eta 0.5 | --eta: expected --sampler ddim",
        "export --whole-sampler --out c --steps 0   | --steps: expected a whole number >= 1",
        "export --whole-sampler --out c --eta 2     | --eta: expected a number in [0, 1]",
        "export --whole-sampler --out c --sampler ddpm --eta 1 | --eta: expected --sampler ddim",
      })
  void wrongOptionsAreExplainedInOneLine(String line, String message) {
    CommandRun run = CommandRun.ofLine(line);
    assertEquals(2, run.code(), run.err());
    assertTrue(run.err().contains(message), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().strip().endsWith("--help'"), run.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "sample --model no/such --out build/x      | expected the path of a bundle or a name out of",
        "index --data d --model no/such --out o     | expected the path of a bundle",
        "guard --model no/such a.png                | expected the path of a bundle",
        "sanitize --model no/such --index i --out target/o a.png | expected the path of a bundle",
        "inspect no/such.onnx                      | expected the path of a bundle or a name out of",
        "differentiate --in no/such.onnx --out a.onnx | no/such.onnx",
        "pipeline --plugins no/such --out build/x  | plugin folder no/such",
        "export --denoiser no/such --classifier b --out c --name n | no/such",
        "export --whole-sampler --model no/such --out target/x.onnx | expected the path of a bundle",
        "train denoiser --data no/such --out target/no-run | no/such: expected a folder of images",
      })
  void missingFilesAreFailures(String line, String message) {
    CommandRun run = CommandRun.ofLine(line);
    assertEquals(1, run.code(), run.err());
    assertTrue(run.err().contains(message), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }
}

package io.github.cpsample.tools.commands.sampling;

import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.ProgressDisplay;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.commands.shared.SamplingOptions;
import io.github.cpsample.tools.demo.Demo;
import io.github.cpsample.tools.demo.DemoReport;
import io.github.cpsample.tools.demo.DemoSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code cpsample demo}: shows what the protection does. */
public final class DemoCommand implements Command {

  private static final Opt<Integer> COUNT = Opt.integer("count", "images per side", 2).or(500);
  private static final Opt<Long> SEED = Opt.wide("seed", "S", "seed of the first image").or(1000L);
  private static final Opt<Path> OUT =
      Opt.path("out", "DIR", "folder for demo.json and pictures").or(Path.of("cpsample-demo"));

  /** The command; it has no state. */
  public DemoCommand() {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "demo",
        "Show what the protection does, on models of real garment images",
        "",
        "Samples with and without protection from the same seeds, measures how many images copy a"
            + " training image and how good they are, and writes pictures of both.",
        List.of(OUT, COUNT, SEED, SamplingOptions.DEVICE),
        "cpsample demo");
  }

  @Override
  public Action prepare(Arguments arguments) {
    DemoSettings settings =
        new DemoSettings(
            arguments.get(OUT),
            arguments.get(COUNT),
            arguments.get(SEED),
            Device.parse(arguments.get(SamplingOptions.DEVICE)));
    return terminal -> run(settings, terminal);
  }

  private static void run(DemoSettings settings, Terminal terminal) throws IOException {
    DemoReport report;
    try (ProgressDisplay progress = terminal.progress("demo", "batch steps")) {
      report = Demo.run(settings, new BothSides(progress));
    }
    report.table().forEach(terminal.out()::println);
    Path out = settings.out();
    terminal.out().println("");
    terminal.out().println("See " + out.resolve("replicas.png") + " and the pictures beside it.");
  }

  /** Shows two samplings of equal length, one after the other, as one piece of work. */
  private static final class BothSides implements Progress {

    private final ProgressDisplay display;
    private boolean firstIsDone;

    BothSides(ProgressDisplay display) {
      this.display = display;
    }

    @Override
    public void onStep(int stepsDone, int stepsTotal) {
      display.show((firstIsDone ? stepsTotal : 0) + (long) stepsDone, 2L * stepsTotal);
      firstIsDone |= stepsDone == stepsTotal;
    }
  }
}

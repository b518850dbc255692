package io.github.cpsample.tools;

import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandLineTool;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.commands.auditing.AuditCommand;
import io.github.cpsample.tools.commands.auditing.GuardCommand;
import io.github.cpsample.tools.commands.auditing.IndexCommand;
import io.github.cpsample.tools.commands.auditing.SanitizeCommand;
import io.github.cpsample.tools.commands.graph.DifferentiateCommand;
import io.github.cpsample.tools.commands.graph.InspectCommand;
import io.github.cpsample.tools.commands.sampling.DemoCommand;
import io.github.cpsample.tools.commands.sampling.PipelineCommand;
import io.github.cpsample.tools.commands.sampling.SampleCommand;
import io.github.cpsample.tools.commands.sampling.ServeCommand;
import io.github.cpsample.tools.commands.training.CalibrateCommand;
import io.github.cpsample.tools.commands.training.ExportCommand;
import io.github.cpsample.tools.commands.training.ProtectCommand;
import io.github.cpsample.tools.commands.training.TrainClassifierCommand;
import io.github.cpsample.tools.commands.training.TrainDenoiserCommand;
import io.github.cpsample.tools.commands.training.TrainEmbedderCommand;
import java.util.List;
import java.util.Optional;

/** Entry point of {@code cpsample}. */
public final class Main {

  private Main() {}

  /**
   * Runs a command line and ends the process with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    System.setProperty("java.awt.headless", "true");
    System.exit(tool().runInterruptibly(Terminal.system(), arguments));
  }

  /**
   * The tool with all its commands.
   *
   * @return a new tool
   */
  static CommandLineTool tool() {
    String version =
        Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
            .orElse("(not packaged)");
    return new CommandLineTool(
        "cpsample",
        "Diffusion sampling that does not reproduce its training images.",
        version,
        commands());
  }

  /** All commands, in the order of the help. */
  static List<Command> commands() {
    return List.of(
        new DemoCommand(),
        new TrainDenoiserCommand(),
        new TrainClassifierCommand(),
        new TrainEmbedderCommand(),
        new ProtectCommand(),
        new ExportCommand(),
        new SampleCommand(),
        new ServeCommand(),
        new IndexCommand(),
        new GuardCommand(),
        new SanitizeCommand(),
        new CalibrateCommand(),
        new AuditCommand(),
        new DifferentiateCommand(),
        new InspectCommand(),
        new PipelineCommand());
  }
}

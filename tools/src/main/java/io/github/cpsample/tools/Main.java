package io.github.cpsample.tools;

import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandLineTool;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.commands.AuditCommand;
import io.github.cpsample.tools.commands.CalibrateCommand;
import io.github.cpsample.tools.commands.DemoCommand;
import io.github.cpsample.tools.commands.DifferentiateCommand;
import io.github.cpsample.tools.commands.ExportCommand;
import io.github.cpsample.tools.commands.GuardCommand;
import io.github.cpsample.tools.commands.IndexCommand;
import io.github.cpsample.tools.commands.InspectCommand;
import io.github.cpsample.tools.commands.PipelineCommand;
import io.github.cpsample.tools.commands.ProtectCommand;
import io.github.cpsample.tools.commands.SampleCommand;
import io.github.cpsample.tools.commands.SanitizeCommand;
import io.github.cpsample.tools.commands.ServeCommand;
import io.github.cpsample.tools.commands.TrainClassifierCommand;
import io.github.cpsample.tools.commands.TrainDenoiserCommand;
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

  private static List<Command> commands() {
    return List.of(
        new DemoCommand(),
        new TrainDenoiserCommand(),
        new TrainClassifierCommand(),
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

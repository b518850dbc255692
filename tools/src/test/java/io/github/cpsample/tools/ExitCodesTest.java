package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.ExitCode;
import io.github.cpsample.tools.cli.OutcomeException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The help of every command names all exit codes that it may end with. */
class ExitCodesTest {

  private static final Set<Integer> OF_ALL = Set.of(0, 1, 2, 130, 143);
  private static final Map<String, Integer> OF_SOME = Map.of("guard", 3, "calibrate", 4);
  private static final Pattern CODE = Pattern.compile("(?m)^ {2}(\\d+) +\\S.*$");

  static List<Command> commands() {
    return Main.commands();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpNamesAllExitCodes(Command command) {
    String name = command.spec().name();
    CommandRun run = CommandRun.ofLine(name + " --help");
    assertEquals(0, run.code(), run.err());
    String help = run.out();
    int from = help.indexOf("Exit codes:");
    String codes = help.substring(from, help.indexOf("Example:", from));
    Set<Integer> expected = new TreeSet<>(OF_ALL);
    if (OF_SOME.containsKey(name)) {
      expected.add(OF_SOME.get(name));
    }
    List<Integer> found =
        CODE.matcher(codes)
            .results()
            .map((MatchResult match) -> Integer.valueOf(match.group(1)))
            .toList();
    assertEquals(List.copyOf(expected), found, help);
  }

  @Test
  void commandsThatEndInAnotherWayAreThoseWhoseHelpSaysSo() {
    JavaClasses tools = new ClassFileImporter().importPackages("io.github.cpsample.tools.commands");
    Set<String> throwing =
        tools.stream()
            .filter(
                type ->
                    type.getConstructorCallsFromSelf().stream()
                        .anyMatch(
                            call -> call.getTargetOwner().isEquivalentTo(OutcomeException.class)))
            .map(type -> type.getName())
            .collect(Collectors.toSet());
    Set<String> saying =
        commands().stream()
            .filter(
                command ->
                    command.spec().outcomes().keySet().stream()
                        .anyMatch(code -> code.code() > 2 && code.code() < 128))
            .map(command -> command.getClass().getName())
            .collect(Collectors.toSet());
    assertFalse(throwing.isEmpty());
    assertEquals(saying, throwing);
    assertEquals(OF_SOME.size(), saying.size());
  }

  @Test
  void exitCodesAreThoseThatScriptsKnow() {
    assertEquals(
        List.of(0, 1, 2, 3, 4, 130, 143),
        List.of(ExitCode.values()).stream().map(ExitCode::code).toList());
  }
}

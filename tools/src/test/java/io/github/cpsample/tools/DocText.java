package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the documentation, whose snippets and commands can be checked.
 *
 * @param file its path in the project
 */
record DocText(String file) {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  /** The fenced blocks of a language. */
  List<String> blocks(String language) throws IOException {
    String page = Files.readString(ROOT.resolve(file), StandardCharsets.UTF_8);
    Matcher matcher =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(page);
    List<String> blocks = new ArrayList<>();
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    return blocks;
  }

  /**
   * Every Java snippet stands in a test of this module, or in another file of the project, but for
   * white space.
   */
  void checkSnippetsAreIn(Class<?> test, String... others) throws IOException {
    String name = test.getName().replace('.', '/') + ".java";
    Path source = ROOT.resolve("tools/src/test/java").resolve(name);
    StringBuilder sources = new StringBuilder(Files.readString(source, StandardCharsets.UTF_8));
    for (String other : others) {
      sources.append(Files.readString(ROOT.resolve(other), StandardCharsets.UTF_8));
    }
    String code = collapsed(sources.toString());
    for (String snippet : blocks("java")) {
      assertTrue(code.contains(collapsed(snippet)), "not compiled by any test: " + snippet);
    }
  }

  /** Every command that the page shows is known, and so is every option of it. */
  int checkCommands() throws IOException {
    int commands = 0;
    for (String block : blocks("sh")) {
      for (String line : block.lines().filter(l -> l.startsWith("./cpsample ")).toList()) {
        commands++;
        checkOptions(line);
      }
    }
    return commands;
  }

  private static void checkOptions(String line) {
    List<String> words = words(line.replaceAll("#.*", ""));
    List<String> name = new ArrayList<>(words.subList(1, words.get(1).equals("train") ? 3 : 2));
    name.add("--help");
    CommandRun help = CommandRun.of(name.toArray(String[]::new));
    assertEquals(0, help.code(), line);
    for (String word : words) {
      if (word.startsWith("--")) {
        assertTrue(help.out().contains(word), "no option " + word + " in: " + line);
      }
    }
    assertFalse(help.out().isBlank());
  }

  static List<String> words(String line) {
    return Pattern.compile("\\s+").splitAsStream(line.strip()).toList();
  }

  private static String collapsed(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}

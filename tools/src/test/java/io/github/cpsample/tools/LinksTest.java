package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every relative link of the documentation leads to a file that is there, and to its heading. */
class LinksTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+?)\\s*$");
  private static final int FEWEST = 100;

  private static List<Path> pages(Path root) throws IOException {
    List<Path> pages = new ArrayList<>();
    try (Stream<Path> top = Files.list(root);
        Stream<Path> docs = Files.walk(root.resolve("docs"))) {
      Stream.concat(top, docs).filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
    }
    return pages;
  }

  /** Broken links as PAGE: LINK; counts those that were followed. */
  private static List<String> broken(Path root, Map<String, Integer> followed) throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages(root)) {
      Matcher link = LINK.matcher(FENCED.matcher(Files.readString(page)).replaceAll(""));
      while (link.find()) {
        String target = link.group(1);
        if (target.matches("[a-z]+:.*")) {
          continue;
        }
        followed.merge("links", 1, Integer::sum);
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        Path file = path.isEmpty() ? page : page.getParent().resolve(path).normalize();
        boolean leads =
            Files.exists(file) && (hash < 0 || anchors(file).contains(target.substring(hash + 1)));
        if (!leads) {
          broken.add(root.relativize(page) + ": " + target);
        }
      }
    }
    return broken;
  }

  /** Headings as they are linked to: lower case, no punctuation, hyphens for blanks. */
  private static Set<String> anchors(Path page) throws IOException {
    Set<String> anchors = new HashSet<>();
    Map<String, Integer> seen = new HashMap<>();
    Matcher heading = HEADING.matcher(FENCED.matcher(Files.readString(page)).replaceAll(""));
    while (heading.find()) {
      String name =
          heading
              .group(1)
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N} _-]", "")
              .replace(' ', '-');
      int before = seen.merge(name, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? name : name + "-" + before);
    }
    return anchors;
  }

  @Test
  void everyRelativeLinkLeadsSomewhere() throws IOException {
    Map<String, Integer> followed = new HashMap<>();
    assertEquals(List.of(), broken(ROOT, followed));
    assertTrue(followed.getOrDefault("links", 0) >= FEWEST, followed::toString);
  }

  @Test
  void brokenLinksAreFound(@TempDir Path root) throws IOException {
    Files.createDirectories(root.resolve("docs"));
    Files.writeString(
        root.resolve("docs/page.md"), "# One, two\n[a](#one-two) [b](#three) [c](none.md)");
    Files.writeString(root.resolve("README.md"), "[d](docs/page.md#one-two) [e](docs/page.md#x)");
    List<String> broken = new ArrayList<>(broken(root, new HashMap<>()));
    broken.replaceAll(line -> line.replace('\\', '/'));
    broken.sort(null);
    assertEquals(
        List.of("README.md: docs/page.md#x", "docs/page.md: #three", "docs/page.md: none.md"),
        broken);
  }

  @Test
  void everyPageIsInTheIndex() throws IOException {
    String index = Files.readString(ROOT.resolve("docs/README.md"));
    for (Path page : pages(ROOT)) {
      String name = ROOT.resolve("docs").relativize(page).toString().replace('\\', '/');
      if (!name.startsWith("..") && !name.equals("README.md")) {
        assertTrue(index.contains("](" + name + ")"), name + " is not in docs/README.md");
      }
    }
  }
}

package io.github.cpsample.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ChecksTest {

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void aCheckSaysWhatWasExpectedAndWhatWasFound() {
    Checks.argument(true, "eta", "a number in [0, 1]", 0.5);
    double eta = Double.NaN;
    assertRefused(
        "eta: expected a number in [0, 1], found NaN",
        () -> Checks.argument(eta >= 0 && eta <= 1, "eta", "a number in [0, 1]", eta));
    assertEquals(3, Checks.atLeast("steps", 3, 3));
    assertRefused("steps: expected at least 3, found 2", () -> Checks.atLeast("steps", 2, 3));
    long much = Integer.MAX_VALUE + 1L;
    assertEquals(much, Checks.atLeast("pixels", much, 1));
  }

  @Test
  void aLookUpNamesAllThatThereAre() {
    Integer[] known = {1, 20, 300};
    assertEquals(20, Checks.named("count", known, String::valueOf, "20"));
    assertRefused(
        "count: expected 1, 20 or 300, found '2'",
        () -> Checks.named("count", known, String::valueOf, "2"));
    Map<String, Integer> map = new TreeMap<>(Map.of("a", 1, "b", 2));
    assertEquals(2, Checks.entry(map, "b"));
    assertRefused("expected one of [a, b], found c", () -> Checks.entry(map, "c"));
  }

  @Test
  void aFailureWithoutAMessageIsNamedByItsClass() {
    assertEquals("out", Checks.message(new IllegalStateException("out")));
    assertEquals("java.lang.IllegalStateException", Checks.message(new IllegalStateException()));
  }

  @Test
  void aDigestIsThatOfTheStandard() {
    // FIPS 180-4, "abc"
    String abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    byte[] bytes = {'a', 'b', 'c'};
    assertEquals(abc, Sha256.hex(bytes));
    var digest = Sha256.digest();
    digest.update(bytes);
    assertEquals(abc, Sha256.hex(digest));
  }

  @Test
  void allResourcesAreClosedTheLastFirstWhateverFails() {
    List<String> closed = new ArrayList<>();
    Resources open = new Resources();
    open.add(() -> closed.add("first"));
    open.add(
        () -> {
          throw new IllegalStateException("second");
        });
    open.add(
        () -> {
          closed.add("third");
          throw new IOException("third");
        });
    IllegalStateException failure = assertThrows(IllegalStateException.class, open::close);
    assertEquals("third", failure.getCause().getMessage());
    assertEquals("second", failure.getSuppressed()[0].getMessage());
    assertEquals(List.of("third", "first"), closed);
    open.close();
    assertEquals(2, closed.size());
  }
}

package io.github.cpsample.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.statistics.Interval;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {

  private final Locale before = Locale.getDefault();

  @BeforeEach
  void speakGerman() {
    Locale.setDefault(Locale.GERMANY);
  }

  @AfterEach
  void speakAsBefore() {
    Locale.setDefault(before);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 100.0",
    "0.49, 49.0",
    "0.0005, 0.05",
    "0.000123, 0.012",
    "0.00000001, < 0.001",
    "0.0094, 0.94",
    "0.0096, 1.0",
    "0.99949, 99.9",
    "0.9996, 99.96",
    "0.99999, 99.999",
    "-0.0123, -1.2",
    "NaN, –",
  })
  void sharesAreNothingOrAllOnlyIfTheyAre(double share, String expected) {
    String percent =
        expected.equals("–") ? expected : expected.replace("< ", "<\u00a0") + "\u00a0%";
    assertEquals(percent, Numbers.percent(share));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.5, 0.500",
    "0.0412, 0.041",
    "0.9996, 0.9996",
    "1, 1.00",
    "0.99999, > 0.9999",
    "3.856, 3.86",
    "144.83, 144.8",
    "2154.3, 2154",
    "3.2e-7, 3.2e-07",
    "-0.25, -0.250",
    "Infinity, –",
  })
  void numbersHaveAboutThreeDigits(double value, String expected) {
    assertEquals(expected.replace("> ", ">\u00a0"), Numbers.decimal(value));
  }

  @Test
  void intervalsFollowTheirNumber() {
    assertEquals("1.42 [1.31, 1.55]", Numbers.decimal(new Interval(1.42, 1.31, 1.55)));
    assertEquals("49.0\u00a0% [42.2, 55.9]", Numbers.percent(Rate.of(98, 200)));
    assertEquals("1,234,567", Numbers.whole(1234567));
    assertEquals(98, Numbers.hits(Rate.of(98, 200)));
  }

  @Test
  void settingsAreNotRounded() {
    assertEquals("0.00125", Numbers.setting(0.00125));
    assertEquals("40", Numbers.setting(40));
  }
}

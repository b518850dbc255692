package io.github.cpsample.onnx;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The equation of an {@code Einsum} with an index, one letter, for every axis: implicit outputs are
 * written out, and ellipses are replaced with letters that are not taken.
 *
 * @param operands the indices of every operand
 * @param output the indices of the result
 */
public record Einsum(List<String> operands, String output) {

  private static final String ELLIPSIS = "...";
  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  public Einsum {
    operands = List.copyOf(operands);
  }

  /**
   * Reads an equation.
   *
   * @param equation such as {@code ...ij,jk->...ik}
   * @param ranks the ranks of the operands
   * @return the equation, written out
   * @throws MalformedModelException if it does not fit the operands
   */
  public static Einsum parse(String equation, List<Integer> ranks) {
    String plain = equation.replace(" ", "");
    int arrow = plain.indexOf("->");
    String left = arrow < 0 ? plain : plain.substring(0, arrow);
    String[] terms = left.split(",", -1);
    if (terms.length != ranks.size()) {
      throw new MalformedModelException(
          "equation " + equation + ": expected " + ranks.size() + " operands");
    }
    String free = lettersWithout(plain);
    List<String> operands = new ArrayList<>();
    int most = 0;
    for (int i = 0; i < terms.length; i++) {
      int hidden = ranks.get(i) - terms[i].replace(ELLIPSIS, "").length();
      boolean fits = terms[i].contains(ELLIPSIS) ? hidden >= 0 : hidden == 0;
      if (!fits || hidden > free.length()) {
        throw new MalformedModelException(
            "equation " + equation + ": operand " + i + " has rank " + ranks.get(i));
      }
      // axes behind an ellipsis are aligned at their end
      operands.add(terms[i].replace(ELLIPSIS, free.substring(free.length() - hidden)));
      most = Math.max(most, hidden);
    }
    String ellipsis = free.substring(free.length() - most);
    String right = arrow < 0 ? ELLIPSIS + once(left) : plain.substring(arrow + 2);
    return new Einsum(operands, right.replace(ELLIPSIS, ellipsis));
  }

  /**
   * The letters that an equation has left.
   *
   * @param taken letters that it has, in any order
   * @return the others
   */
  public static String lettersWithout(String taken) {
    return LETTERS
        .chars()
        .filter(letter -> taken.indexOf(letter) < 0)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** The letters that occur once, in alphabetical order. */
  private static String once(String terms) {
    StringBuilder result = new StringBuilder();
    terms
        .chars()
        .filter(c -> Character.isLetter(c) && terms.indexOf(c) == terms.lastIndexOf(c))
        .sorted()
        .forEach(result::appendCodePoint);
    return result.toString();
  }

  /**
   * Whether an operand or the result has an index twice.
   *
   * @return true if one has
   */
  public boolean hasDiagonals() {
    return output.chars().distinct().count() < output.length()
        || operands.stream().anyMatch(term -> term.chars().distinct().count() < term.length());
  }

  /** The shape of the result; null where an operand's shape is not known. */
  static @Nullable Shape shape(Node node, TensorTypes known) {
    List<Shape> shapes = new ArrayList<>();
    for (String input : node.inputs()) {
      Shape shape = known.shape(input).orElse(null);
      if (shape == null) {
        return null;
      }
      shapes.add(shape);
    }
    Einsum equation = parse(node.string("equation", ""), shapes.stream().map(Shape::rank).toList());
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < equation.output.length(); i++) {
      Shape size = Shape.of();
      for (int operand = 0; operand < shapes.size(); operand++) {
        int axis = equation.operands.get(operand).indexOf(equation.output.charAt(i));
        if (axis >= 0) {
          size = ElementwiseShapes.broadcast(size, Shape.of(shapes.get(operand).dim(axis)), known);
        }
      }
      dims.add(size.rank() == 0 ? Dim.unknown() : size.dim(0));
    }
    return new Shape(dims);
  }
}

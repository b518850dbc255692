package io.github.cpsample.onnx.autodiff;

import static io.github.cpsample.onnx.autodiff.OperatorCases.plain;
import static io.github.cpsample.onnx.autodiff.OperatorCases.size;

import io.github.cpsample.onnx.Attribute;
import java.util.List;

/** Einstein sums. */
final class EinsumCases {

  private EinsumCases() {}

  static void addTo(List<OperatorCase> cases) {
    long[] a = size(2, 3);
    long[] b = size(3, 4);
    for (String equation :
        List.of(
            "ij,jk->ik", "ij,jk->ki", "ij,jk", "ij,jk->", "ij,jk->i", " ij , jk -> k ", "xJ,Jb")) {
      cases.add(sum(equation, a, b));
    }
    cases.add(sum("ij,jk->ik", a, b).atOpset(12));
    cases.add(sum("ij->ji", a));
    cases.add(sum("ij->j", a));
    cases.add(sum("ba", a));
    cases.add(sum("i,j->ij", size(3), size(4)));
    cases.add(sum("i,i->", size(3), size(3)));
    cases.add(sum("ij,ij,j->i", a, a, size(3)));
    cases.add(sum("bhqd,bhkd->bhqk", size(2, 2, 3, 4), size(2, 2, 5, 4)));
    cases.add(sum("bhqk,bkhd->bqhd", size(2, 2, 3, 5), size(2, 5, 2, 4)));
    ellipses(cases, a);
    diagonals(cases);
  }

  private static void diagonals(List<OperatorCase> cases) {
    cases.add(sum("ii->i", size(3, 3)));
    cases.add(sum("ii", size(4, 4)));
    cases.add(sum("zii->zi", size(2, 3, 3)));
    cases.add(sum("iji,jk->ik", size(3, 2, 3), size(2, 4)));
    cases.add(sum("...ii,i->...", size(2, 3, 3), size(3)));
  }

  private static void ellipses(List<OperatorCase> cases, long... a) {
    cases.add(sum("...ij,...jk->...ik", size(2, 5, 3), size(2, 3, 4)));
    cases.add(sum("...ij,jk->...ik", size(2, 5, 3), size(3, 4)));
    cases.add(sum("...ij,...jk", size(2, 5, 3), size(2, 3, 4)));
    cases.add(sum("i...,...->i...", size(3, 2, 4), size(2, 4)));
    cases.add(sum("...i,...i->...", size(2, 1, 3), size(2, 4, 3)));
    cases.add(sum("...->...", a));
  }

  private static OperatorCase sum(String equation, long[]... operands) {
    return plain("Einsum", equation, List.of(operands), Attribute.string("equation", equation));
  }
}

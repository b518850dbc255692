package io.github.cpsample.onnx.autodiff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code RNN}, {@code GRU} and {@code LSTM} written out step by step, for sequences of known
 * length. After the end of a shorter sequence its state stays, and its outputs are 0; backwards
 * such a sequence begins at its own end.
 */
final class RecurrentParts {

  private static final int BIAS = 3;
  private static final int LENGTHS = 4;
  private static final int STATE = 5;
  private static final int CELL = 6;
  private static final int PEEPHOLES = 7;
  private static final long MOST_STEPS = 4096;

  private final NodeAdjoint n;
  private final Emitter e;
  private final String operator;
  private final boolean batchFirst;
  private final int steps;
  private final String x;
  private final String batch;
  private final String size;

  RecurrentParts(NodeAdjoint node) {
    this.n = node;
    this.e = node.emit();
    this.operator = node.node().operator();
    this.batchFirst = node.node().integer("layout", 0) != 0;
    long[] sizes = node.fixedSizes(node.shape(0), 0);
    long length = batchFirst ? sizes[1] : sizes[0];
    if (length < 1 || length > MOST_STEPS) {
      throw node.refuse("expected 1 to " + MOST_STEPS + " steps, found " + length);
    }
    this.steps = (int) length;
    this.x = batchFirst ? e.transpose(node.in(0), 1, 0, 2) : node.in(0);
    this.batch = e.integers(batchFirst ? sizes[0] : sizes[1]);
    this.size = e.size(node.in(2), 2);
    if (node.node().integer("input_forget", 0) != 0) {
      throw node.refuse("expected input and forget gates of their own");
    }
  }

  /** What one direction gives: a state after every step, the last state and the last cell. */
  private record Way(List<String> states, String state, @Nullable String cell) {}

  List<String> outputs() {
    String direction = n.node().string("direction", "forward");
    List<Way> ways = new ArrayList<>();
    int count = direction.equals("bidirectional") ? 2 : 1;
    for (int i = 0; i < count; i++) {
      ways.add(new Direction(i, direction.equals("reverse") || i == 1).run());
    }
    List<String> all = new ArrayList<>();
    for (int t = 0; t < steps; t++) {
      int step = t;
      String both =
          e.concat(ways.stream().map(w -> e.unsqueeze(w.states().get(step), 0)).toList(), 0);
      all.add(e.unsqueeze(both, 0));
    }
    List<String> results = new ArrayList<>();
    String sequence = e.concat(all, 0);
    results.add(batchFirst ? e.transpose(sequence, 2, 0, 1, 3) : sequence);
    results.add(last(ways.stream().map(Way::state).toList()));
    if (operator.equals("LSTM")) {
      results.add(last(ways.stream().map(Way::cell).toList()));
    }
    return results;
  }

  private String last(List<String> values) {
    String all = e.concat(values.stream().map(value -> e.unsqueeze(value, 0)).toList(), 0);
    return batchFirst ? e.transpose(all, 1, 0, 2) : all;
  }

  /** One pass over the sequence. */
  private final class Direction {
    private final int index;
    private final boolean backwards;
    private final List<String> inputBias;
    private final List<String> stateBias;
    private final List<String> inputWeights;
    private final List<String> stateWeights;
    private final @Nullable List<String> peepholes;

    Direction(int index, boolean backwards) {
      this.index = index;
      this.backwards = backwards;
      int gates = operator.equals("LSTM") ? 4 : operator.equals("GRU") ? 3 : 1;
      this.inputWeights = matrices(1, gates);
      this.stateWeights = matrices(2, gates);
      List<String> biases =
          n.node().hasInput(BIAS) ? parts(BIAS, 2 * gates) : Collections.nCopies(2 * gates, null);
      this.inputBias = biases.subList(0, gates);
      this.stateBias = biases.subList(gates, 2 * gates);
      this.peepholes = n.node().hasInput(PEEPHOLES) ? parts(PEEPHOLES, 3) : null;
    }

    /** Equal parts of what an input has for this direction. */
    private List<String> parts(int input, int count) {
      List<String> parts = new ArrayList<>();
      String own = own(n.in(input), 0);
      for (int i = 0; i < count; i++) {
        String start = e.mul(size, e.integers(i));
        String end = e.mul(size, e.integers(i + 1L));
        parts.add(e.slice(own, 0, start, end));
      }
      return parts;
    }

    private List<String> matrices(int input, int count) {
      return parts(input, count).stream().map(part -> e.transpose(part, 1, 0)).toList();
    }

    /** What a value has for this direction, without the axis of directions. */
    private String own(String value, int axis) {
      String element = e.slice(value, axis, e.integers(index), e.integers(index + 1L));
      return e.squeeze(element, axis);
    }

    Way run() {
      String state = initial(STATE);
      String cell = operator.equals("LSTM") ? initial(CELL) : null;
      List<String> states = new ArrayList<>(Collections.nCopies(steps, null));
      for (int i = 0; i < steps; i++) {
        int t = backwards ? steps - 1 - i : i;
        String input = e.squeeze(e.slice(x, 0, e.integers(t), e.integers(t + 1L)), 0);
        String nextCell = cell;
        String next;
        if (cell != null) {
          List<String> both = longShort(input, state, cell);
          next = both.get(0);
          nextCell = both.get(1);
        } else {
          next = operator.equals("GRU") ? gated(input, state) : simple(input, state);
        }
        if (n.node().hasInput(LENGTHS)) {
          String lengths = e.reshape(n.in(LENGTHS), -1, 1);
          String within = e.greater(lengths, e.cast(e.integers(t), e.type(lengths)));
          states.set(t, e.where(within, next));
          state = e.where(within, next, state);
          cell = cell == null || nextCell == null ? null : e.where(within, nextCell, cell);
        } else {
          states.set(t, next);
          state = next;
          cell = nextCell;
        }
      }
      return new Way(states, state, cell);
    }

    private String initial(int input) {
      if (n.node().hasInput(input)) {
        return own(n.in(input), batchFirst ? 1 : 0);
      }
      return e.expand(e.scalar(0, x), e.concat(List.of(batch, size), 0));
    }

    private String fromInput(int gate, String input) {
      return plus(e.matMul(input, inputWeights.get(gate)), inputBias.get(gate));
    }

    private String fromState(int gate, String state) {
      return plus(e.matMul(state, stateWeights.get(gate)), stateBias.get(gate));
    }

    private String plus(String value, String bias) {
      return bias == null ? value : e.add(value, bias);
    }

    private String gate(int gate, String input, String state) {
      return e.add(fromInput(gate, input), fromState(gate, state));
    }

    private String simple(String input, String state) {
      return activated(0, "Tanh", gate(0, input, state));
    }

    /** Gates z and r, then (1 - z) h + z state. */
    private String gated(String input, String state) {
      String z = activated(0, "Sigmoid", gate(0, input, state));
      String r = activated(0, "Sigmoid", gate(1, input, state));
      boolean after = n.node().integer("linear_before_reset", 0) != 0;
      String kept = after ? e.mul(r, fromState(2, state)) : fromState(2, e.mul(r, state));
      String h = activated(1, "Tanh", e.add(fromInput(2, input), kept));
      String rest = e.sub(e.scalar(1, z), z);
      return e.add(e.mul(rest, h), e.mul(z, state));
    }

    /** Gates i, o, f and c: the new state and the new cell. */
    private List<String> longShort(String input, String state, String cell) {
      String i = activated(0, "Sigmoid", peeping(gate(0, input, state), 0, cell));
      String f = activated(0, "Sigmoid", peeping(gate(2, input, state), 2, cell));
      String c = activated(1, "Tanh", gate(3, input, state));
      String next = e.add(e.mul(f, cell), e.mul(i, c));
      String o = activated(0, "Sigmoid", peeping(gate(1, input, state), 1, next));
      return List.of(e.mul(o, activated(2, "Tanh", next)), next);
    }

    private String peeping(String value, int part, String cell) {
      return peepholes == null ? value : e.add(value, e.mul(peepholes.get(part), cell));
    }

    private String activated(int place, String otherwise, String value) {
      double clip = n.node().decimal("clip", 0);
      String bounded =
          clip == 0 ? value : e.max(e.min(value, e.scalar(clip, value)), e.scalar(-clip, value));
      List<?> names =
          n.node().attribute("activations").map(a -> (List<?>) a.value()).orElse(List.of());
      int each = operator.equals("LSTM") ? 3 : operator.equals("GRU") ? 2 : 1;
      int at = index * each + place;
      String name = at < names.size() ? (String) names.get(at) : otherwise;
      return switch (name) {
        case "Tanh", "Sigmoid", "Relu", "Softsign", "Softplus" -> e.node(name, bounded);
        default -> throw n.refuse("activation " + name + " is not known here");
      };
    }
  }
}

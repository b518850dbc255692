package io.github.cpsample.composition;

import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.protection.Gate;
import java.util.List;
import java.util.Optional;

/** Writes what happens to rows after a step: they move on, go back, or are done. */
final class WayBackNodes {
  private final Nodes nodes;
  private final WayBack way;
  private final Noise noise;
  private final int end;

  /**
   * Where rows stand, each [M].
   *
   * @param position the place of the step that comes next, int64; the number of all where the row
   *     is done
   * @param taken how many steps were taken since the row began or was sent back, int64
   * @param drawn how often noise was drawn, int64
   * @param returned how often the row was sent back since it began or was redone, int64
   * @param redone how often it was redone, int64
   * @param recognised whether the finished image was recognised, bool
   */
  record Place(
      Value position, Value taken, Value drawn, Value returned, Value redone, Value recognised) {}

  /** Rows with their images. */
  record Rows(Value x, Place place) {}

  /**
   * The fresh noise of rows.
   *
   * @param all [draws,N,C,H,W]; empty where nothing is drawn
   * @param rows which of the N the rows are, int64 [M]
   * @param draws how many draws there are
   */
  record Noise(Optional<Value> all, Value rows, int draws) {
    /** Each row's next noise, [M,C,H,W]; that of the last draw where there is none left. */
    Value next(Nodes nodes, Value drawn) {
      Value last = nodes.index(draws - 1L);
      Value draw = nodes.op("Where", nodes.op("Less", drawn, last), drawn, last);
      return nodes.op("GatherND", all.orElseThrow(), pairs(nodes, draw, rows));
    }
  }

  /** Asks about finished images: the logarithm of the certainty, float64 [M], for [M,C,H,W]. */
  interface Check {
    Value logCertainty(Nodes nodes, Value x);
  }

  WayBackNodes(Nodes nodes, WayBack way, Noise noise, int end) {
    this.nodes = nodes;
    this.way = way;
    this.noise = noise;
    this.end = end;
  }

  /** Two indices for every row, int64 [M,2]. */
  static Value pairs(Nodes nodes, Value first, Value second) {
    return nodes
        .graph()
        .node(
            "Concat",
            List.of(
                nodes.op("Unsqueeze", first, nodes.indices(1)),
                nodes.op("Unsqueeze", second, nodes.indices(1))),
            Attribute.integer("axis", 1));
  }

  /** Moves rows on, and those back that are guarded and have not gone back too often. */
  Rows settle(Rows rows, Value guarded) {
    Value one = nodes.index(1);
    Place place = rows.place();
    Value position = nodes.op("Gather", nodes.graph().constant(way.nextPlaces()), place.position());
    Value taken = nodes.plus(place.taken(), one);
    if (way.returns() == 0) {
      return new Rows(rows.x(), at(place, position, taken, place.drawn(), place.returned()));
    }
    Value most = nodes.index(way.returns());
    Value goes = nodes.and(guarded, nodes.op("Less", place.returned(), most));
    Value added = nodes.cast(goes, ElementType.INT64);
    Value returned = nodes.plus(place.returned(), added);
    Value index = pairs(nodes, position, returned);
    Value target = nodes.op("GatherND", nodes.graph().constant(way.targets()), index);
    Value factors = nodes.op("GatherND", nodes.graph().constant(way.factors()), index);
    Value noised =
        noised(
            rows.x(),
            noise.next(nodes, place.drawn()),
            nodes.ofRows(nodes.at(factors, 1, 0)),
            nodes.ofRows(nodes.at(factors, 1, 1)));
    return new Rows(
        nodes.op("Where", nodes.ofRows(goes), noised, rows.x()),
        at(
            place,
            nodes.op("Where", goes, target, position),
            nodes.op("Where", goes, nodes.index(0), taken),
            nodes.plus(place.drawn(), added),
            returned));
  }

  private static Place at(Place of, Value position, Value taken, Value drawn, Value returned) {
    return new Place(position, taken, drawn, returned, of.redone(), of.recognised());
  }

  /**
   * Shows finished images to the classifier, and begins those anew that it recognises: from the
   * middle at first, then from noise.
   *
   * @param alpha the gate's threshold for finished images, float64 scalar
   */
  Rows check(Rows rows, Check check, Value alpha) {
    if (way.redos() == 0) {
      return rows;
    }
    Place place = rows.place();
    Value atEnd = nodes.places(nodes.op("Equal", place.position(), nodes.index(end)));
    GraphBuilder graph = nodes.graph();
    Value recognised =
        graph.node(
            "If",
            List.of(nodes.any(atEnd)),
            Attribute.graph("then_branch", ask(graph.subgraph("check"), rows, check, alpha, atEnd)),
            Attribute.graph("else_branch", skip(graph.subgraph("unchecked"), rows)));
    Value again = nodes.and(recognised, nodes.op("Less", place.redone(), nodes.index(way.redos())));
    Value middle = nodes.and(again, nodes.op("Equal", place.redone(), nodes.index(0)));
    Value fresh = noise.next(nodes, place.drawn());
    NoiseLevel level = way.toMiddle();
    Value noised =
        noised(rows.x(), fresh, nodes.number(level.signal()), nodes.number(level.spread()));
    Value begun = nodes.narrow(nodes.times(nodes.wide(fresh), nodes.number(way.scaleAgain())));
    Value x = nodes.op("Where", nodes.ofRows(again), begun, rows.x());
    Value zero = nodes.index(0);
    Value position = nodes.op("Where", again, nodes.index(way.again()), place.position());
    Value added = nodes.cast(again, ElementType.INT64);
    return new Rows(
        nodes.op("Where", nodes.ofRows(middle), noised, x),
        new Place(
            nodes.op("Where", middle, nodes.index(way.middle()), position),
            nodes.op("Where", again, zero, place.taken()),
            nodes.plus(place.drawn(), added),
            nodes.op("Where", again, zero, place.returned()),
            nodes.plus(place.redone(), added),
            recognised));
  }

  private static Graph ask(GraphBuilder graph, Rows rows, Check check, Value alpha, Value places) {
    Nodes inner = new Nodes(graph);
    Value log = check.logCertainty(inner, inner.op("Gather", rows.x(), places));
    Value none = none(inner, rows);
    return ended(graph, "asked", inner.scattered(none, places, Gate.guards(inner, log, alpha)));
  }

  private static Graph skip(GraphBuilder graph, Rows rows) {
    return ended(graph, "not_asked", none(new Nodes(graph), rows));
  }

  private static Value none(Nodes nodes, Rows rows) {
    return nodes.filled(nodes.rows(rows.x()), Tensor.ofBytes(ElementType.BOOL, new byte[] {0}, 1));
  }

  private static Graph ended(GraphBuilder graph, String name, Value recognised) {
    Shape any = Shape.of(Dim.symbolic("M"));
    graph.output(name, recognised, ElementType.BOOL, any);
    return graph.graph();
  }

  private Value noised(Value x, Value fresh, Value signal, Value spread) {
    Value kept = nodes.times(signal, nodes.wide(x));
    return nodes.narrow(nodes.plus(kept, nodes.times(spread, nodes.wide(fresh))));
  }
}

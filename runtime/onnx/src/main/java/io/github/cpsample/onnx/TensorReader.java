package io.github.cpsample.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads tensors from their message: raw bytes, typed lists, or a file beside the model. Nothing is
 * allocated before the length that the message claims has been checked against what is there.
 */
final class TensorReader {

  /** The largest array that Java can make. */
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);

  private final Optional<Path> folder;
  private final Optional<Path> linked;

  TensorReader(Optional<Path> folder) {
    this(folder, Optional.empty());
  }

  private TensorReader(Optional<Path> folder, Optional<Path> linked) {
    this.folder = folder;
    this.linked = linked;
  }

  /**
   * For data beside a model. Caches of models hold links to files that lie together elsewhere: what
   * lies there with the model that its link leads to lies beside it.
   */
  static TensorReader beside(Path model) throws IOException {
    Optional<Path> parent = Optional.ofNullable(model.toAbsolutePath().normalize().getParent());
    return new TensorReader(
        parent,
        Files.isSymbolicLink(model)
            ? Optional.ofNullable(model.toRealPath().getParent())
            : Optional.empty());
  }

  Tensor tensor(TensorProto proto) {
    try {
      return read(proto);
    } catch (ArithmeticException e) {
      throw new MalformedModelException(
          "tensor "
              + proto.getName()
              + ": expected sizes of fewer than 2^63 bytes, found "
              + proto.getDimsList(),
          e);
    } catch (MalformedModelException e) {
      throw new MalformedModelException("tensor " + proto.getName() + ": " + e.getMessage(), e);
    }
  }

  private Tensor read(TensorProto proto) {
    ElementType type = ElementType.of(proto.getDataType());
    long[] sizes = proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
    if (type == ElementType.STRING) {
      return Tensor.ofStrings(
          proto.getStringDataList().stream().map(ByteString::toStringUtf8).toList(), sizes);
    }
    if (proto.getDataLocation() == DataLocation.EXTERNAL) {
      return Tensor.owning(type, external(proto, length(type, sizes)), sizes);
    }
    byte[] data = proto.hasRawData() ? proto.getRawData().toByteArray() : typed(type, proto);
    return Tensor.owning(type, data, sizes);
  }

  private static long length(ElementType type, long... sizes) {
    return Math.multiplyExact(Tensor.elements(sizes), (long) type.bytes());
  }

  /** The values of a constant that is in a file, as the file holds them. */
  byte[] externalBytes(TensorProto proto) {
    long[] sizes = proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
    try {
      return external(proto, length(ElementType.of(proto.getDataType()), sizes));
    } catch (ArithmeticException | MalformedModelException e) {
      throw new MalformedModelException("tensor " + proto.getName() + ": " + e.getMessage(), e);
    }
  }

  private static byte[] typed(ElementType type, TensorProto proto) {
    List<? extends Number> values =
        switch (type) {
          case FLOAT, COMPLEX64 -> proto.getFloatDataList();
          case DOUBLE, COMPLEX128 -> proto.getDoubleDataList();
          case INT64 -> proto.getInt64DataList();
          case UINT32, UINT64 -> proto.getUint64DataList();
          default -> proto.getInt32DataList();
        };
    int width =
        switch (type) {
          case COMPLEX64 -> Float.BYTES;
          case COMPLEX128 -> Double.BYTES;
          default -> type.bytes();
        };
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.multiplyExact(values.size(), width))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (Number value : values) {
      put(buffer, value, width);
    }
    return buffer.array();
  }

  private static void put(ByteBuffer buffer, Number value, int width) {
    if (value instanceof Float f) {
      buffer.putFloat(f);
    } else if (value instanceof Double d) {
      buffer.putDouble(d);
    } else {
      switch (width) {
        case 1 -> buffer.put(value.byteValue());
        case 2 -> buffer.putShort(value.shortValue());
        case 4 -> buffer.putInt(value.intValue());
        default -> buffer.putLong(value.longValue());
      }
    }
  }

  private byte[] external(TensorProto proto, long expected) {
    Map<String, String> entries = new HashMap<>();
    for (StringStringEntryProto entry : proto.getExternalDataList()) {
      entries.put(entry.getKey(), entry.getValue());
    }
    Path file = inside(entries.getOrDefault("location", ""));
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long offset = number(entries, "offset", 0);
      long rest = channel.size() - offset;
      long length = number(entries, "length", rest);
      if (offset < 0 || length < 0 || length > rest) {
        throw new MalformedModelException(
            "expected external data inside "
                + file.getFileName()
                + " of "
                + channel.size()
                + " bytes, found offset "
                + offset
                + " and length "
                + length);
      }
      if (length != expected || length > MOST_BYTES) {
        throw new MalformedModelException(
            "expected " + expected + " bytes, at most 2 GiB, of external data, found " + length);
      }
      ByteBuffer buffer = ByteBuffer.allocate((int) length);
      channel.position(offset);
      int read;
      do {
        read = channel.read(buffer);
      } while (read > 0);
      if (buffer.hasRemaining()) {
        throw new MalformedModelException("external data of " + file.getFileName() + " ends early");
      }
      return buffer.array();
    } catch (IOException e) {
      throw new MalformedModelException("external data is not readable: " + e, e);
    }
  }

  private static long number(Map<String, String> entries, String key, long otherwise) {
    String text = entries.get(key);
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new MalformedModelException(
          "expected a number as " + key + " of external data, found " + text, e);
    }
  }

  /** The file of a location, refused unless it lies in the model's folder, links followed. */
  Path inside(String location) {
    Path base =
        folder.orElseThrow(
            () ->
                new MalformedModelException(
                    "expected all data in the model, found external data " + location));
    try {
      Path file = base.resolve(location).normalize();
      if (location.isEmpty()
          || DRIVE.matcher(location).matches()
          || !file.startsWith(base)
          || !isBeside(file.toRealPath(), base.toRealPath())) {
        throw new MalformedModelException(
            "expected external data inside the model's folder, found " + location);
      }
      if (!Files.isRegularFile(file)) {
        throw new MalformedModelException("expected external data in a file, found " + location);
      }
      return file;
    } catch (IOException | InvalidPathException e) {
      throw new MalformedModelException("external data " + location + " is not readable", e);
    }
  }

  private boolean isBeside(Path file, Path base) {
    return file.startsWith(base) || linked.map(file::startsWith).orElse(false);
  }
}

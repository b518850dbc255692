package io.github.cpsample.evaluation.replication;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;

/**
 * Lucene's index of vectors, a graph of small worlds in layers (Malkov and Yashunin 2018), in a
 * folder of its own. Vectors are added by one thread in order and segments are never merged, so
 * that the same rows give the same index, and a document's number is that of its row. Searching is
 * thread-safe.
 */
final class HnswIndex implements AutoCloseable {

  /** What it is, in words. */
  static final String DESCRIPTION = "HNSW of Lucene 9 (16 neighbours, beam 100)";

  private static final String FIELD = "row";

  /** Lucene logs which parts of newer Javas it uses, which tells a user of this tool nothing. */
  private static final Logger LUCENE = Logger.getLogger("org.apache.lucene");

  static {
    LUCENE.setLevel(Level.SEVERE);
  }

  /** How much of the index is built in memory before a segment is written. */
  private static final double SEGMENT_MIB = 256;

  private final Directory directory;
  private final DirectoryReader reader;
  private final IndexSearcher searcher;

  private HnswIndex(Directory directory, DirectoryReader reader) {
    this.directory = directory;
    this.reader = reader;
    this.searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null);
  }

  /**
   * Builds an index.
   *
   * @param folder empty, or not there yet
   * @param size number of rows
   * @param rows gives every row, finite
   * @throws IOException if the folder cannot be written
   */
  static HnswIndex build(Path folder, int size, IntFunction<float[]> rows) throws IOException {
    Directory directory = new MMapDirectory(folder);
    try {
      write(directory, size, rows);
      return new HnswIndex(directory, DirectoryReader.open(directory));
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private static void write(Directory directory, int size, IntFunction<float[]> rows)
      throws IOException {
    IndexWriterConfig config =
        new IndexWriterConfig(null)
            .setMergePolicy(NoMergePolicy.INSTANCE)
            .setUseCompoundFile(false)
            .setRAMBufferSizeMB(SEGMENT_MIB);
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (int i = 0; i < size; i++) {
        Document document = new Document();
        document.add(
            new KnnFloatVectorField(FIELD, rows.apply(i), VectorSimilarityFunction.EUCLIDEAN));
        writer.addDocument(document);
      }
    }
  }

  /**
   * Rows that are probably the nearest.
   *
   * @param query finite, as long as a row
   * @param count how many, at least 1
   * @return their indices, at most {@code count}
   * @throws IOException if the index cannot be read
   */
  int[] nearest(float[] query, int count) throws IOException {
    ScoreDoc[] found =
        searcher.search(new KnnFloatVectorQuery(FIELD, query, count), count).scoreDocs;
    return Arrays.stream(found).mapToInt(hit -> hit.doc).toArray();
  }

  /** Frees memory; the folder is left to whoever made it. */
  @Override
  public void close() {
    try {
      try {
        reader.close();
      } finally {
        directory.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

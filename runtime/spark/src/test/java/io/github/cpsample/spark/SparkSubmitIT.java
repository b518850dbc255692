package io.github.cpsample.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.TinyAudit;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.audit.Audit;
import io.github.cpsample.evaluation.store.WorkFolder;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that a cluster is given, with nothing but Spark beside it. */
class SparkSubmitIT {

  private static final Path JAR = Path.of("target", "cpsample-spark-all.jar");

  /** What of this JVM's class path Spark does not bring along. */
  private static final List<String> OURS =
      List.of(
          "cpsample",
          "onnxruntime",
          "tribuo",
          "protobuf",
          "twelvemonkeys",
          "ejml",
          "lucene",
          "junit",
          "opentest4j",
          "apiguardian",
          "commons-cli",
          "commons-statistics",
          "commons-numbers",
          "commons-rng");

  private static final List<String> QUICK_START =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  @TempDir private Path folder;

  @Test
  void theJarHoldsNativeLibrariesAndNothingOfSpark() throws IOException {
    Set<String> packages = new TreeSet<>();
    try (JarFile jar = new JarFile(JAR.toFile())) {
      for (String system : List.of("linux-x64", "linux-aarch64", "osx-aarch64", "win-x64")) {
        assertTrue(
            jar.stream().anyMatch(it -> it.getName().startsWith("ai/onnxruntime/native/" + system)),
            system);
      }
      jar.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
          .map(name -> name.substring(0, name.indexOf('/', name.indexOf('/') + 1)))
          .forEach(packages::add);
    }
    assertEquals(Set.of("ai/onnxruntime", "io/github"), packages);
  }

  @Test
  void sparkSubmitMakesImages() throws IOException, InterruptedException {
    TinyBundle.writer().toDirectory(folder.resolve("model"));
    Path out = folder.resolve("made");
    String text =
        submit(
            GenerateJob.class,
            List.of(
                "--model",
                folder.resolve("model").toString(),
                "--out",
                out.toString(),
                "--count",
                "40",
                "--steps",
                "5",
                "--partitions",
                "3"));
    assertTrue(text.contains("Summary[images=40, rejected=0, "), text);
    try (Stream<Path> files = Files.list(out.resolve("kind=images"))) {
      assertEquals(3, files.filter(file -> file.toString().endsWith(".parquet")).count());
    }
  }

  @Test
  void sparkSubmitMakesTheImagesOfAnAudit() throws IOException, InterruptedException {
    Path out = folder.resolve("report");
    Path work = out.resolve("work");
    try (TinyAudit tiny = TinyAudit.in(folder)) {
      Audit audit = tiny.audit(TinyAudit.SILENT);
      try (WorkFolder opened = WorkFolder.open(work, audit.decides())) {
        audit.prepare(opened, TinyAudit.NO_FILES);
      }
      submit(
          AuditSampleJob.class,
          List.of("--model", folder.resolve("model").toString(), "--out", out.toString()));
      try (WorkFolder opened = WorkFolder.open(work, audit.decides())) {
        assertEquals(
            List.of("unprotected 10 of 10 seeds", "cpsample 10 of 10 seeds"),
            audit.done(opened).subList(0, 2));
      }
    }
  }

  /** What a job prints, which must end well. */
  private String submit(Class<?> job, List<String> arguments)
      throws IOException, InterruptedException {
    Path home = sparkHome();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(QUICK_START);
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-cp",
            home.resolve("jars") + File.separator + "*",
            "org.apache.spark.deploy.SparkSubmit",
            "--master",
            "local-cluster[2,1,1024]",
            "--conf",
            "spark.driver.host=127.0.0.1",
            "--conf",
            "spark.ui.enabled=false",
            "--conf",
            "spark.executor.extraJavaOptions=" + String.join(" ", QUICK_START),
            "--class",
            job.getName(),
            JAR.toAbsolutePath().toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Path log = folder.resolve("log");
    Process process = builder.redirectOutput(log.toFile()).start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    String text = Files.readString(log);
    assertEquals(0, process.waitFor(), text);
    return text;
  }

  /** A folder as Spark is unpacked into, with links to its jars. */
  private Path sparkHome() throws IOException {
    Path home = folder.resolve("spark");
    Path jars = Files.createDirectories(home.resolve("jars"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry).toAbsolutePath();
      String name = jar.getFileName().toString();
      if (name.endsWith(".jar") && OURS.stream().noneMatch(name::contains)) {
        Files.createSymbolicLink(jars.resolve(name), jar);
      }
    }
    assertTrue(
        Arrays.stream(jars.toFile().list()).anyMatch(name -> name.startsWith("spark-core")),
        "Spark is on the class path");
    return home;
  }
}

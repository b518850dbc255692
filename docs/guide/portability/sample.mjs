// Runs a model of `cpsample export --whole-sampler` in Node.
//
//   node sample.mjs MODEL NOISE OUT [STEP_NOISE]
//
// MODEL       the ONNX file
// NOISE       initial noise, raw float32 little-endian, [N,C,H,W]
// OUT         folder: images.f32 (raw, as NOISE), image-0000.pgm or .ppm and so on, report.json
// STEP_NOISE  fresh noise, raw float32, [draws,N,C,H,W]; only for a model that has this input
//
// Environment: LABEL is the class that a conditional model draws. ALPHA and SCALE are given to a
// model that was exported with --strength-inputs required; 0 takes the model's own.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ort from 'onnxruntime-node';

function fail(message) {
  process.stderr.write(`sample: ${message}\n`);
  process.exit(1);
}

function floats(file) {
  const bytes = readFileSync(file);
  if (bytes.length % 4 !== 0) {
    fail(`${file}: expected float32 values, found ${bytes.length} bytes`);
  }
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

// Fills the batch size in; every other size is fixed in the model.
function tensor(file, shape, rowsAxis, rows) {
  const values = floats(file);
  const sizes = shape.map((size, axis) => (axis === rowsAxis ? 1 : Number(size)));
  const perRow = sizes.reduce((a, b) => a * b, 1);
  const found = values.length / perRow;
  if (!Number.isInteger(found) || found < 1 || (rows !== undefined && found !== rows)) {
    fail(`${file}: expected ${rows ?? 'N'} x ${perRow} values, found ${values.length}`);
  }
  sizes[rowsAxis] = found;
  return new ort.Tensor('float32', values, sizes);
}

function writeImage(folder, index, values, [channels, height, width]) {
  const pixels = Buffer.alloc(values.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < height * width; i++) {
      const value = (values[channel * height * width + i] + 1) * 127.5;
      pixels[i * channels + channel] = Math.round(Math.min(255, Math.max(0, value)));
    }
  }
  const [kind, suffix] = channels === 1 ? ['P5', 'pgm'] : ['P6', 'ppm'];
  const name = `image-${String(index).padStart(4, '0')}.${suffix}`;
  const head = Buffer.from(`${kind}\n${width} ${height}\n255\n`);
  writeFileSync(join(folder, name), Buffer.concat([head, pixels]));
}

const [model, noiseFile, out, stepNoiseFile] = process.argv.slice(2);
if (out === undefined) {
  fail('expected MODEL NOISE OUT [STEP_NOISE]');
}
const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3 });
const shapes = Object.fromEntries(session.inputMetadata.map((input) => [input.name, input.shape]));
const noise = tensor(noiseFile, shapes.noise, 0);
const rows = noise.dims[0];
const feeds = { noise };
if ('step_noise' in shapes) {
  if (stepNoiseFile === undefined) {
    fail(`${model}: expected STEP_NOISE, which this model draws on`);
  }
  feeds.step_noise = tensor(stepNoiseFile, shapes.step_noise, 1, rows);
}
if ('label' in shapes) {
  const label = BigInt(process.env.LABEL ?? 0);
  feeds.label = new ort.Tensor('int64', new BigInt64Array(rows).fill(label), [rows]);
}
for (const strength of ['alpha', 'scale']) {
  if (strength in shapes) {
    const given = Number(process.env[strength.toUpperCase()] ?? 0);
    feeds[strength] = new ort.Tensor('float64', Float64Array.of(given), []);
  }
}
const outputs = await session.run(feeds);
const { images, steps_guarded: guarded, certainty } = outputs;
mkdirSync(out, { recursive: true });
const size = images.data.length / rows;
for (let i = 0; i < rows; i++) {
  writeImage(out, i, images.data.subarray(i * size, (i + 1) * size), images.dims.slice(1));
}
writeFileSync(join(out, 'images.f32'), new Uint8Array(images.data.buffer.slice(
  images.data.byteOffset, images.data.byteOffset + images.data.byteLength)));
const report = {
  images: rows,
  steps_guarded: Array.from(guarded.data, Number),
  certainty: Array.from(certainty.data),
};
for (const name of ['denoiser_calls', 'recognised']) {
  if (name in outputs) {
    report[name] = Array.from(outputs[name].data, Number);
  }
}
writeFileSync(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
process.stdout.write(`${rows} images in ${out}\n`);

// encoder_onnx.js - all-MiniLM-L6-v2 in ONNX Runtime, on the weights that embedllm uses: what
// bench/encoder.sh compares with.
//
//   node encoder_onnx.js DIR THREADS ROUNDS LENGTH:BATCH...
//
// prints for each LENGTH:BATCH the least and the median milliseconds of a call over ROUNDS, and on the
// line "check" the largest difference of a vector from the one on stdin (as `embedllm encode --json`
// prints it, with its ids). The graph is written here from the safetensors, in float32, with the
// operators that an export of the model has; ONNX Runtime optimises it as it does those.
'use strict';
const fs = require('fs');
const path = require('path');
const ort = require('onnxruntime-node');

// Protocol buffers, as much as ONNX needs.
function varint(n) {
	const out = [];
	let v = BigInt(n);
	for (; v > 127n; v >>= 7n) out.push(Number(v & 127n) | 128);
	out.push(Number(v));
	return Buffer.from(out);
}
const bytes = (field, b) => Buffer.concat([varint(field * 8 + 2), varint(b.length), b]);
const text = (field, s) => bytes(field, Buffer.from(s));
const int = (field, n) => Buffer.concat([varint(field * 8), varint(n)]);
const float = (field, x) => {
	const b = Buffer.alloc(4);
	b.writeFloatLE(x);
	return Buffer.concat([varint(field * 8 + 5), b]);
};

function half(h) {
	const sign = h & 0x8000 ? -1 : 1, e = (h >> 10) & 31, f = h & 1023;
	return sign * (e ? (1 + f / 1024) * 2 ** (e - 15) : f * 2 ** -24);
}

function readSafetensors(file) {
	const raw = fs.readFileSync(file), n = Number(raw.readBigUInt64LE(0)), out = {};
	for (const [name, t] of Object.entries(JSON.parse(raw.toString('utf8', 8, 8 + n)))) {
		if (t.dtype !== 'F16' && t.dtype !== 'F32') continue;
		const at = 8 + n + t.data_offsets[0], count = t.shape.reduce((a, b) => a * b, 1);
		const v = new Float32Array(count);
		for (let i = 0; i < count; i++)
			v[i] = t.dtype === 'F16' ? half(raw.readUInt16LE(at + 2 * i)) : raw.readFloatLE(at + 4 * i);
		out[name] = {shape: t.shape, v};
	}
	return out;
}

function buildModel(dir) {
	const config = JSON.parse(fs.readFileSync(path.join(dir, 'config.json')));
	const w = readSafetensors(path.join(dir, fs.readdirSync(dir).find(f => f.endsWith('.safetensors'))));
	const nodes = [], tensors = [], eps = config.layer_norm_eps;
	const hidden = config.hidden_size, heads = config.num_attention_heads, d = hidden / heads;
	let count = 0;

	const tensor = (name, shape, type, buffer) => {
		tensors.push(bytes(5, Buffer.concat([...shape.map(n => int(1, n)), int(2, type), text(8, name), bytes(9, buffer)])));
		return name;
	};
	const floats = (name, shape, v) => tensor(name, shape, 1, Buffer.from(v.buffer, v.byteOffset, v.byteLength));
	const ints = (name, v) => tensor(name, [v.length], 7, Buffer.from(BigInt64Array.from(v, BigInt).buffer));
	const scalar = (name, x) => floats(name, [], Float32Array.of(x));
	const attribute = (name, v, isFloat) => bytes(5, Buffer.concat([text(1, name),
		...(Array.isArray(v) ? [...v.map(n => int(8, n)), int(20, 7)] : isFloat ? [float(2, v), int(20, 1)] : [int(3, v), int(20, 2)])]));
	const node = (op, inputs, attributes = [], output = 't' + count++) => {
		nodes.push(bytes(1, Buffer.concat([...inputs.map(i => text(1, i)), text(2, output), text(4, op), ...attributes])));
		return output;
	};
	const transposed = name => {
		const {shape: [n, k], v} = w[name], t = new Float32Array(n * k);
		for (let i = 0; i < n; i++) for (let j = 0; j < k; j++) t[j * n + i] = v[i * k + j];
		return floats(name, [k, n], t);
	};
	const whole = name => floats(name, w[name].shape, w[name].v);
	const linear = (x, name) => node('Add', [node('MatMul', [x, transposed(name + '.weight')]), whole(name + '.bias')]);
	const norm = (x, name) => node('LayerNormalization', [x, whole(name + '.weight'), whole(name + '.bias')],
		[attribute('axis', 2), attribute('epsilon', eps, true)]);

	const apart = ints('apart', [0, 0, heads, d]), together = ints('together', [0, 0, hidden]);
	const root = scalar('root', Math.sqrt(d)), sqrt2 = scalar('sqrt2', Math.SQRT2), one = scalar('one', 1), halfOf = scalar('half', 0.5);

	let x = node('Gather', [whole('embeddings.word_embeddings.weight'), 'ids']);
	x = node('Add', [x, node('Gather', [whole('embeddings.position_embeddings.weight'), 'positions'])]);
	x = node('Add', [x, floats('type', [hidden], w['embeddings.token_type_embeddings.weight'].v.slice(0, hidden))]);
	x = norm(x, 'embeddings.LayerNorm');
	for (let i = 0; i < config.num_hidden_layers; i++) {
		const at = `encoder.layer.${i}.`;
		const part = (name, perm) => node('Transpose', [node('Reshape', [linear(x, at + 'attention.self.' + name), apart])], [attribute('perm', perm)]);
		const q = part('query', [0, 2, 1, 3]), k = part('key', [0, 2, 3, 1]), v = part('value', [0, 2, 1, 3]);
		const p = node('Softmax', [node('Div', [node('MatMul', [q, k]), root])], [attribute('axis', 3)]);
		let a = node('Transpose', [node('MatMul', [p, v])], [attribute('perm', [0, 2, 1, 3])]);
		a = linear(node('Reshape', [a, together]), at + 'attention.output.dense');
		x = norm(node('Add', [a, x]), at + 'attention.output.LayerNorm');
		const f = linear(x, at + 'intermediate.dense');
		const g = node('Mul', [node('Mul', [f, node('Add', [node('Erf', [node('Div', [f, sqrt2])]), one])]), halfOf]);
		x = norm(node('Add', [linear(g, at + 'output.dense'), x]), at + 'output.LayerNorm');
	}
	const mean = node('ReduceMean', [x], [attribute('axes', [1]), attribute('keepdims', 0)]);
	const length = node('ReduceL2', [mean], [attribute('axes', [1]), attribute('keepdims', 1)]);
	node('Div', [mean, length], [], 'embedding');

	const value = (field, name, type, dims) => bytes(field, Buffer.concat([text(1, name), bytes(2, bytes(1,
		Buffer.concat([int(1, type), bytes(2, Buffer.concat(dims.map(n => bytes(1, text(2, n)))))])))]));
	const graph = Buffer.concat([...nodes, text(2, 'minilm'), ...tensors, value(11, 'ids', 7, ['batch', 'length']),
		value(11, 'positions', 7, ['batch', 'length']), value(12, 'embedding', 1, ['batch', 'dims'])]);
	return Buffer.concat([int(1, 8), bytes(7, graph), bytes(8, int(2, 17))]);
}

async function main([dir, threads, rounds, ...sizes]) {
	const session = await ort.InferenceSession.create(buildModel(dir), {
		intraOpNumThreads: +threads, interOpNumThreads: 1, graphOptimizationLevel: 'all', executionMode: 'sequential',
	});
	const feed = (rows, length) => {
		const shape = [rows.length, length], ids = BigInt64Array.from(rows.flat(), BigInt);
		const places = BigInt64Array.from(ids, (_, i) => BigInt(i % length));
		return {ids: new ort.Tensor('int64', ids, shape), positions: new ort.Tensor('int64', places, shape)};
	};
	for (const size of sizes) {
		const [length, batch] = size.split(':').map(Number);
		const row = [101, ...Array(length - 2).fill(2773), 102]; // "word word ..."
		const input = feed(Array(batch).fill(row), length), ms = [];
		for (let i = -3; i < +rounds; i++) {
			const start = process.hrtime.bigint();
			await session.run(input);
			if (i >= 0) ms.push(Number(process.hrtime.bigint() - start) / 1e6);
		}
		ms.sort((a, b) => a - b);
		console.log(`${size} ${ms[0].toFixed(3)} ${ms[ms.length >> 1].toFixed(3)}`);
	}
	if (!process.stdin.isTTY) {
		const want = JSON.parse(fs.readFileSync(0, 'utf8').split('\n')[0]);
		const got = (await session.run(feed([want.ids], want.ids.length))).embedding.data;
		console.log('check ' + want.embedding.reduce((m, v, i) => Math.max(m, Math.abs(v - got[i])), 0).toExponential(1));
	}
}

main(process.argv.slice(2)).catch(e => {
	console.error(String(e));
	process.exit(1);
});

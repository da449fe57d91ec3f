#!/usr/bin/env python3
"""transformer.py - BERT and MPNet in NumPy, in double precision: what src/text is compared with.

    transformer.py DIR <TEXTS >GOLDEN         {"text", "ids"} a line in, "embedding" added
    transformer.py --layers DIR <IDS >GOLDEN  {"ids"} a line in; "layers" added: for some rows (token
                                              numbers) the vectors after the embeddings and every layer

Written from the papers and the formulas, not from the C: Devlin et al. 2018; Song et al. 2020;
relative buckets as in Raffel et al. 2019. Token ids are not its business: they come from Hugging
Face's tokenizers.
"""
import glob, json, math, os, sys
import numpy as np


def read_safetensors(path):
    raw = open(path, "rb").read()
    n = int.from_bytes(raw[:8], "little")
    out = {}
    for name, t in json.loads(raw[8 : 8 + n]).items():
        if name == "__metadata__":
            continue
        data = raw[8 + n + t["data_offsets"][0] : 8 + n + t["data_offsets"][1]]
        if t["dtype"] == "BF16":
            v = (np.frombuffer(data, "<u2").astype(np.uint32) << 16).view(np.float32)
        elif t["dtype"] in ("F16", "F32"):
            v = np.frombuffer(data, "<f2" if t["dtype"] == "F16" else "<f4")
        else:
            continue
        for prefix in ("bert.", "mpnet."):
            name = name[len(prefix) :] if name.startswith(prefix) else name
        out[name] = v.astype(np.float64).reshape(t["shape"])
    return out


def bucket(distance, buckets, far=128):
    """Of key - query: T5's, both directions; the logarithm in single precision, as PyTorch has it."""
    half = buckets // 2
    n, base = -distance, 0
    if n < 0:
        base, n = half, -n
    exact = half // 2
    if n < exact:
        return base + n
    log = np.log(np.float32(n) / np.float32(exact)) / np.float32(math.log(far / exact))
    return base + min(exact + int(np.float32(log) * np.float32(half - exact)), half - 1)


class Model:
    def __init__(self, folder):
        read = lambda name: json.load(open(os.path.join(folder, name)))
        self.c = read("config.json")
        self.w = read_safetensors(glob.glob(os.path.join(folder, "*.safetensors"))[0])
        self.mpnet = self.c["model_type"] == "mpnet"
        self.eps = self.c.get("layer_norm_eps", 1e-5 if self.mpnet else 1e-12)
        self.cls = read("1_Pooling/config.json").get("pooling_mode_cls_token", False)
        self.unit = any(m["type"].endswith("Normalize") for m in read("modules.json"))

    def norm(self, x, name):
        d = x - x.mean(1, keepdims=True)
        d = d / np.sqrt((d * d).mean(1, keepdims=True) + self.eps)
        return d * self.w[name + ".weight"] + self.w[name + ".bias"]

    def linear(self, x, name):
        return x @ self.w[name + ".weight"].T + self.w[name + ".bias"]

    def layers(self, ids):
        w, T, heads = self.w, len(ids), self.c["num_attention_heads"]
        d = self.c["hidden_size"] // heads
        if self.mpnet:
            pad, count, place = self.c.get("pad_token_id", 1), 0, []
            for i in ids:
                count += i != pad
                place.append(pad if i == pad else pad + count)
        else:
            place = list(range(T))
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][place]
        if not self.mpnet:
            x = x + w["embeddings.token_type_embeddings.weight"][0]
        x = self.norm(x, "embeddings.LayerNorm")
        yield x
        bias = np.zeros((heads, T, T))
        if self.mpnet:
            table = w["encoder.relative_attention_bias.weight"]
            for q in range(T):
                for k in range(T):
                    bias[:, q, k] = table[bucket(k - q, len(table))]
        erf = np.vectorize(math.erf)
        for i in range(self.c["num_hidden_layers"]):
            at = f"encoder.layer.{i}."
            names = ["attn.q", "attn.k", "attn.v"] if self.mpnet else ["self.query", "self.key", "self.value"]
            q, k, v = (self.linear(x, at + "attention." + n).reshape(T, heads, d).transpose(1, 0, 2) for n in names)
            s = q @ k.transpose(0, 2, 1) / math.sqrt(d) + bias
            p = np.exp(s - s.max(2, keepdims=True))
            a = ((p / p.sum(2, keepdims=True)) @ v).transpose(1, 0, 2).reshape(T, heads * d)
            a = self.linear(a, at + ("attention.attn.o" if self.mpnet else "attention.output.dense"))
            x = self.norm(x + a, at + ("attention.LayerNorm" if self.mpnet else "attention.output.LayerNorm"))
            f = self.linear(x, at + "intermediate.dense")
            f = f * 0.5 * (1 + erf(f / math.sqrt(2)))
            x = self.norm(x + self.linear(f, at + "output.dense"), at + "output.LayerNorm")
            yield x

    def embed(self, x):
        v = x[0] if self.cls else x.mean(0)
        return v / np.sqrt(v @ v) if self.unit else v


def main(args):
    with_layers = args[:1] == ["--layers"]
    model = Model(args[-1])
    rounded = lambda v: [round(float(u), 7) for u in v]
    for line in sys.stdin:
        o = json.loads(line)
        xs = list(model.layers(o["ids"]))
        if with_layers:
            T = len(o["ids"])
            o["rows"] = sorted({0, 1, T // 3, T // 2, T - 2, T - 1} & set(range(T)))
            o["layers"] = [[rounded(x[r]) for r in o["rows"]] for x in xs]
        o["embedding"] = rounded(model.embed(xs[-1]))
        print(json.dumps(o, ensure_ascii=False))


main(sys.argv[1:])

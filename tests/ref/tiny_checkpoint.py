#!/usr/bin/env python3
"""tiny_checkpoint.py - small random checkpoints of every kind that src/text reads.

    tiny_checkpoint.py OUT

makes the folders OUT/mpnet (F32, names with "mpnet.", mean and unit length), OUT/bert (BF16, names
with "bert.", CLS, not normalised, vocab.txt) and OUT/half (BERT in F16, no prefix, mean), and for each
OUT/NAME.ids, which transformer.py --layers makes tests/golden/tiny/NAME.jsonl of. Sizes are odd on purpose.
"""
import json, os, sys
import numpy as np

LETTERS = list("abcdefghijklmnopqrstuvwxyz0123456789.,?!")


def tensors(kind, rng, h, heads, inner, layers, vocab, positions):
    def r(*shape, scale=0.3):
        return (rng.standard_normal(shape) * scale).astype(np.float32)

    t = {
        "embeddings.word_embeddings.weight": r(vocab, h, scale=1),
        "embeddings.position_embeddings.weight": r(positions, h, scale=1),
    }

    def norm(name):
        t[name + ".weight"] = 1 + r(h)
        t[name + ".bias"] = r(h)

    def linear(name, n, k):
        t[name + ".weight"] = r(n, k)
        t[name + ".bias"] = r(n)

    norm("embeddings.LayerNorm")
    if kind == "mpnet":
        t["encoder.relative_attention_bias.weight"] = r(32, heads, scale=2)
        names = ["attention.attn.q", "attention.attn.k", "attention.attn.v", "attention.attn.o", "attention.LayerNorm"]
    else:
        t["embeddings.token_type_embeddings.weight"] = r(2, h, scale=1)
        t["embeddings.position_ids"] = np.arange(positions, dtype=np.int64)[None]
        names = ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
                 "attention.output.LayerNorm"]
    for i in range(layers):
        at = f"encoder.layer.{i}."
        for n in names[:4]:
            linear(at + n, h, h)
        norm(at + names[4])
        linear(at + "intermediate.dense", inner, h)
        linear(at + "output.dense", h, inner)
        norm(at + "output.LayerNorm")
    return t


def write_safetensors(path, t, dtype, prefix):
    head, data, at = {"__metadata__": {"format": "pt"}}, b"", 0
    for name in sorted(t):
        v, kind = t[name], dtype
        if v.dtype == np.int64:
            raw, kind = v.tobytes(), "I64"
        elif dtype == "BF16":
            raw = (v.view(np.uint32) >> 16).astype("<u2").tobytes()
        else:
            raw = v.astype("<f2" if dtype == "F16" else "<f4").tobytes()
        head[prefix + name] = {"dtype": kind, "shape": list(v.shape), "data_offsets": [at, at + len(raw)]}
        at += len(raw)
        data += raw
    text = json.dumps(head, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    open(path, "wb").write(len(text).to_bytes(8, "little") + text + data)


def make(out, name, kind, seed, dtype, prefix, cls, unit, specials, heads, h, inner, layers, positions, most):
    rng = np.random.default_rng(seed)
    folder = os.path.join(out, name)
    os.makedirs(os.path.join(folder, "1_Pooling"), exist_ok=True)
    vocab = specials + LETTERS + ["##" + c for c in LETTERS[:36]] + ["the", "##ing", "qu"]

    def write(path, v):
        json.dump(v, open(os.path.join(folder, path), "w"))

    write("config.json", {
        "model_type": kind, "hidden_act": "gelu", "hidden_size": h, "intermediate_size": inner,
        "num_attention_heads": heads, "num_hidden_layers": layers, "vocab_size": len(vocab),
        "max_position_embeddings": positions, "layer_norm_eps": 1e-5 if kind == "mpnet" else 1e-12,
        "pad_token_id": vocab.index("<pad>") if kind == "mpnet" else 0,
    })
    kinds = ["Transformer", "Pooling"] + ["Normalize"] * unit
    write("modules.json", [{"idx": i, "type": "sentence_transformers.models." + k} for i, k in enumerate(kinds)])
    write("1_Pooling/config.json", {"pooling_mode_cls_token": cls, "pooling_mode_mean_tokens": not cls})
    write("sentence_bert_config.json", {"max_seq_length": most})
    if kind == "bert" and dtype == "BF16":
        open(os.path.join(folder, "vocab.txt"), "w").write("\n".join(vocab) + "\n")
    else:
        first, last = specials[0] if kind == "mpnet" else "[CLS]", "</s>" if kind == "mpnet" else "[SEP]"
        write("tokenizer.json", {
            "added_tokens": [{"id": i, "content": s, "special": True, "normalized": False, "single_word": False,
                              "lstrip": False, "rstrip": False} for i, s in enumerate(specials)],
            "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                           "strip_accents": None, "lowercase": True},
            "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": {"type": "RobertaProcessing" if kind == "mpnet" else "BertProcessing",
                               "cls": [first, vocab.index(first)], "sep": [last, vocab.index(last)]},
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                      "max_input_chars_per_word": 100, "vocab": {v: i for i, v in enumerate(vocab)}},
        })
    write_safetensors(os.path.join(folder, "model.safetensors"),
                      tensors(kind, rng, h, heads, inner, layers, len(vocab), positions), dtype, prefix)
    with open(os.path.join(out, name + ".ids"), "w") as f:
        for T in (2, 3, 17, 33, most):
            ids = [int(i) for i in rng.integers(len(specials), len(vocab), T)]
            if kind == "mpnet" and T == 17:
                ids[5] = vocab.index("<pad>")  # written out in a text
            f.write(json.dumps({"ids": ids}) + "\n")


def main(out):
    bert = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    mpnet = ["<s>", "<pad>", "</s>", "[UNK]", "<mask>"]
    make(out, "mpnet", "mpnet", 1, "F32", "mpnet.", False, True, mpnet, 3, 24, 40, 2, 202, 200)
    make(out, "bert", "bert", 2, "BF16", "bert.", True, False, bert, 2, 36, 50, 2, 70, 65)
    make(out, "half", "bert", 3, "F16", "", False, False, bert, 1, 40, 33, 3, 64, 64)


main(sys.argv[1])

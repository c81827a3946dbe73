#!/usr/bin/python3
"""The paper's decomposition of one image under PyTorch (arXiv 2310.05916, equations 3 to 5): what its code computes, for timing beside ClipCore.

Usage: paper_decomposition.py FOLDER PIXELS OUT --threads N --runs N [--queries all|class]

FOLDER holds open_clip_model.safetensors and open_clip_config.json; PIXELS is float32 [3, size, size]; OUT receives float32 [layers, tokens, heads, e].
With --queries all the weighted values of every query are formed, as the published code does before it keeps the class token's;
with --queries class those of the class token alone. Prints one line of JSON: the median in milliseconds.
"""
import argparse
import json
import os
import time

import numpy as np
import torch
import torch.nn.functional as F


def read_safetensors(path):
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    data = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + length)
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        tensors[name] = torch.from_numpy(np.array(data[begin:end]).view(np.float32).reshape(entry["shape"]))
    return tensors


def decompose(w, config, pixels, queries):
    vision = config["model_cfg"]["vision_cfg"]
    layers, width, patch = vision["layers"], vision["width"], vision["patch_size"]
    heads = width // vision["head_width"]
    size, epsilon = width // heads, 1e-5
    norm = lambda x, name: F.layer_norm(x, (width,), w[name + ".weight"], w[name + ".bias"], epsilon)

    x = F.conv2d(pixels, w["visual.conv1.weight"], stride=patch).flatten(2).transpose(1, 2)
    x = torch.cat([w["visual.class_embedding"].expand(1, 1, width), x], dim=1) + w["visual.positional_embedding"]
    x = norm(x, "visual.ln_pre")
    tokens = x.shape[1]
    attentions, mlps = [], [x[:, 0]]
    for layer in range(layers):
        prefix = f"visual.transformer.resblocks.{layer}."
        qkv = F.linear(norm(x, prefix + "ln_1"), w[prefix + "attn.in_proj_weight"], w[prefix + "attn.in_proj_bias"])
        q, k, v = qkv.reshape(1, tokens, 3, heads, size).permute(2, 0, 3, 1, 4)
        pattern = (q @ k.transpose(-2, -1) * size ** -0.5).softmax(dim=-1)
        output = w[prefix + "attn.out_proj.weight"].reshape(width, heads, size)
        bias = w[prefix + "attn.out_proj.bias"] / (tokens * heads)
        if queries == "all":
            each = torch.einsum("bhnm,bhmc->bnmhc", pattern, v)
            each = torch.einsum("bnmhc,dhc->bnmhd", each, output) + bias
            attentions.append(each[:, 0].clone())
            x = x + each.sum(dim=(2, 3))
            del each
        else:
            each = torch.einsum("bhm,bhmc->bmhc", pattern[:, :, 0], v)
            attentions.append(torch.einsum("bmhc,dhc->bmhd", each, output) + bias)
            z = (pattern @ v).transpose(1, 2).reshape(1, tokens, width)
            x = x + F.linear(z, w[prefix + "attn.out_proj.weight"], w[prefix + "attn.out_proj.bias"])
        hidden = F.gelu(F.linear(norm(x, prefix + "ln_2"), w[prefix + "mlp.c_fc.weight"], w[prefix + "mlp.c_fc.bias"]))
        mlp = F.linear(hidden, w[prefix + "mlp.c_proj.weight"], w[prefix + "mlp.c_proj.bias"])
        mlps.append(mlp[:, 0])
        x = x + mlp

    token = x[0, 0]
    mean, sigma = token.mean(), torch.sqrt(token.var(unbiased=False) + epsilon)
    representation = norm(token, "visual.ln_post") @ w["visual.proj"]
    parts, share = 2 * layers + 1, tokens * heads
    stack = torch.stack(attentions, dim=1)[0]
    stack = (stack - mean / (parts * share)) * w["visual.ln_post.weight"] / sigma + w["visual.ln_post.bias"] / (parts * share)
    return stack @ w["visual.proj"] / representation.norm()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("pixels")
    parser.add_argument("out")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--queries", choices=["all", "class"], default="all")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with open(os.path.join(options.folder, "open_clip_config.json")) as file:
        config = json.load(file)
    weights = read_safetensors(os.path.join(options.folder, "open_clip_model.safetensors"))
    size = config["model_cfg"]["vision_cfg"]["image_size"]
    pixels = torch.from_numpy(np.fromfile(options.pixels, dtype=np.float32).reshape(1, 3, size, size))
    times = []
    with torch.no_grad():
        for _ in range(options.runs + 1):
            start = time.perf_counter()
            result = decompose(weights, config, pixels, options.queries)
            times.append((time.perf_counter() - start) * 1e3)
    result.numpy().tofile(options.out)
    print(json.dumps({"milliseconds": float(np.median(times[1:])), "torch": torch.__version__}))


if __name__ == "__main__":
    main()

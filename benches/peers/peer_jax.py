"""JAX on the CPU: the whole training is one jit-compiled function, lax.scan over epochs and over steps.

Sweeps: --mode vmap (over runs), last (run axis last, elementwise; W2, W2b), mapruns (lax.map: each run
on its own). --devices 2 shards the runs over two host devices. --shuffle host: permutations made by
NumPy and passed in; device: jax.random.permutation inside. --unroll N: the scan's unroll factor.
Compilation is timed apart and is not part of train_seconds.
Usage: peer_jax.py W1|W2|W2b|W3|W3s|W4|W5 [--dtype f64|f32] [--mode M] [--devices N] [--threads N]
"""

import argparse, os, time

t0 = time.perf_counter()
ap = argparse.ArgumentParser()
ap.add_argument("workload")
ap.add_argument("--dtype", default="f64")
ap.add_argument("--mode", default="vmap")
ap.add_argument("--devices", type=int, default=1)
ap.add_argument("--threads", type=int, default=0)
ap.add_argument("--shuffle", default="host")
ap.add_argument("--unroll", type=int, default=1)
ap.add_argument("--flags", default="")
A = ap.parse_args()
fl = [A.flags] if A.flags else []
if A.devices > 1:
    fl.append(f"--xla_force_host_platform_device_count={A.devices}")
if A.threads == 1:  # one thread: pin the process to one core (XLA has no reliable thread-count switch)
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[0]})
    fl.append("--xla_cpu_multi_thread_eigen=false")
os.environ["XLA_FLAGS"] = " ".join(fl)
os.environ["JAX_PLATFORMS"] = "cpu"
import numpy as np, jax, jax.numpy as jnp
from jax import lax
from functools import partial

if A.dtype == "f64":
    jax.config.update("jax_enable_x64", True)
from workloads import SINGLE, sweep, load, init, emit

ND = {"f64": np.float64, "f32": np.float32}[A.dtype]


def forward(ps, x, act):
    for i, (W, b) in enumerate(ps):
        x = x @ W + b
        if i < len(ps) - 1:
            x = jax.nn.sigmoid(x) if act == "sigmoid" else jax.nn.relu(x)
    return x


def loss_of(ps, xb, yb, s):
    p = forward(ps, xb, s["act"])
    if s["loss"] == "mse":
        return 0.5 * jnp.mean((p - yb) ** 2)
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(p), yb[:, None], 1))


def one_run(s, batch, x, y, ps, lr, perm):
    """perm: (epochs, N) indices, or a PRNG key. Returns the loss per epoch."""
    N = x.shape[0]
    full, rem = divmod(N, batch)

    def step(c, k):
        ps, tot = c
        xb, yb = x[k], y[k]
        l, g = jax.value_and_grad(loss_of)(ps, xb, yb, s)
        return (jax.tree.map(lambda p, q: p - lr * q, ps, g), tot + l * xb.shape[0]), None

    def epoch(ps, pk):
        k = pk if A.shuffle == "host" else jax.random.permutation(pk, N)
        c = (ps, jnp.zeros((), x.dtype))
        c, _ = lax.scan(step, c, k[: full * batch].reshape(full, batch), unroll=A.unroll)
        if rem:
            c, _ = step(c, k[full * batch :])
        return c[0], c[1] / N

    return lax.scan(epoch, ps, perm)[1]


def last_axis(s, batch, x, y, ps, lr, perm):
    """All runs of a one-hidden-layer, one-output net at once, run axis last. ps: W0 (D,H,R), b0 (H,R), W1 (H,R), b1 (R);
    perm (epochs, N, R). Gradients by autodiff of the summed loss (runs are independent)."""
    N = x.shape[0]
    full, rem = divmod(N, batch)

    def loss(ps, xb, yb):
        W0, b0, W1, b1 = ps
        a = jax.nn.sigmoid(sum(xb[d][:, None] * W0[d][None] for d in range(len(W0))) + b0[None])
        e = (a * W1[None]).sum(1) + b1 - yb
        l = 0.5 * (e * e).sum(0)
        return l.sum() / yb.shape[0], l

    def step(c, k):
        ps, tot = c
        xb, yb = [x[:, d][k] for d in range(x.shape[1])], y[:, 0][k]
        (_, l), g = jax.value_and_grad(loss, has_aux=True)(ps, xb, yb)
        return (jax.tree.map(lambda p, q: p - lr * q, ps, g), tot + l), None

    def epoch(ps, k):
        c = (ps, jnp.zeros(lr.shape, x.dtype))
        k = k.astype(jnp.int32)
        c, _ = lax.scan(step, c, k[: full * batch].reshape(full, batch, -1), unroll=A.unroll)
        if rem:
            c, _ = step(c, k[full * batch :])
        return c[0], c[1] / N

    return lax.scan(epoch, ps, perm)[1]


def host_perms(n, N, epochs, seed):
    idx = np.tile(np.arange(N, dtype=np.int32), (n * epochs, 1))
    np.random.default_rng(seed).permuted(idx, axis=1, out=idx)
    return idx.reshape(n, epochs, N)


if __name__ == "__main__":
    w = A.workload
    name = (
        f"jax_{A.dtype}"
        + (f"_{A.mode}" if w not in SINGLE else "")
        + (f"_d{A.devices}" if A.devices > 1 else "")
        + (f"_t{A.threads}" if A.threads else "")
        + (f"_u{A.unroll}" if A.unroll > 1 else "")
        + ("_devshuf" if A.shuffle != "host" else "")
    )
    if w in SINGLE:
        s = SINGLE[w]
        x, y = load(s["data"], ND)
        N = len(x)
        ps = [(jnp.asarray(W.T), jnp.asarray(b)) for W, b in init(s["layers"], 0, ND)]
        x, y = jnp.asarray(x), jnp.asarray(y)
        t1 = time.perf_counter()
        perm = (
            host_perms(1, N, s["epochs"], 0)[0]
            if A.shuffle == "host"
            else jax.random.split(jax.random.key(0), s["epochs"])
        )
        f = jax.jit(partial(one_run, s, s["batch"])).lower(x, y, ps, ND(s["lr"]), perm).compile()
        t2 = time.perf_counter()
        h = np.asarray(f(x, y, ps, ND(s["lr"]), perm))
        t3 = time.perf_counter()
        emit(name, w, t3 - t2, h[-1], compile_seconds=round(t2 - t1, 3))
    else:
        base, groups = sweep(w)
        s = SINGLE[base]
        x, y = load(s["data"], ND)
        N = len(x)
        x, y = jnp.asarray(x), jnp.asarray(y)
        mesh = jax.sharding.Mesh(np.array(jax.devices()), ("r",))
        P = jax.sharding.PartitionSpec
        t1 = time.perf_counter()
        comp = run = prep = 0.0
        out = []
        for b, lrs, seeds in groups:
            a0 = time.perf_counter()
            R = len(lrs)
            lr = jnp.asarray(np.asarray(lrs, ND))
            ps = [init(s["layers"], int(k), ND) for k in seeds]
            perm = (
                host_perms(R, N, s["epochs"], int(seeds[0]))
                if A.shuffle == "host"
                else jax.random.split(jax.random.key(0), (R, s["epochs"]))
            )
            if A.mode == "last":
                perm = np.ascontiguousarray(perm.transpose(1, 2, 0).astype(np.uint16))
                st = lambda g: jnp.asarray(np.ascontiguousarray(np.stack([g(p) for p in ps], -1)))
                arg = (
                    (
                        st(lambda p: p[0][0].T),
                        st(lambda p: p[0][1]),
                        st(lambda p: p[1][0][0]),
                        st(lambda p: p[1][1][0]),
                    ),
                    lr,
                    perm,
                )
                f = lambda ps, lr, perm: last_axis(s, b, x, y, ps, lr, perm)
                spec = ((P(None, None, "r"), P(None, "r"), P(None, "r"), P("r")), P("r"), P(None, None, "r"))
                osp = P(None, "r")
            else:
                arg = (
                    [
                        (
                            jnp.asarray(np.stack([p[l][0].T for p in ps])),
                            jnp.asarray(np.stack([p[l][1] for p in ps])),
                        )
                        for l in range(len(ps[0]))
                    ],
                    lr,
                    perm,
                )
                g = lambda ps, lr, perm: one_run(s, b, x, y, ps, lr, perm)
                f = (
                    jax.vmap(g)
                    if A.mode == "vmap"
                    else (lambda ps, lr, perm: lax.map(lambda a: g(*a), (ps, lr, perm)))
                )
                spec = (P("r"), P("r"), P("r"))
                osp = P("r")
            if A.devices > 1:
                f = jax.shard_map(f, mesh=mesh, in_specs=spec, out_specs=osp, check_vma=False)
            a1 = time.perf_counter()
            f = jax.jit(f).lower(*arg).compile()
            a2 = time.perf_counter()
            h = np.asarray(f(*arg))
            a3 = time.perf_counter()
            out.append(h[-1] if A.mode == "last" else h[:, -1])
            prep += a1 - a0
            comp += a2 - a1
            run += a3 - a2
        emit(
            name, w, run + prep, np.concatenate(out), compile_seconds=round(comp, 3), compiled_part_seconds=round(run, 4)
        )

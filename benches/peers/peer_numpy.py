"""NumPy by hand, in its strongest form.

One run: whole mini-batches as matrices. Sweeps: --mode batched (all runs of a group advance together
as one more array axis, split over the processes) or --mode mp (a run at a time in each process).
Usage: peer_numpy.py W1|W2|W2b|W3|W3s|W4|W5 [--dtype f64|f32] [--threads N] [--mode mp|batched] [--procs N]
"""

import argparse, os, time

t0 = time.perf_counter()
ap = argparse.ArgumentParser()
ap.add_argument("workload")
ap.add_argument("--dtype", default="f64")
ap.add_argument("--threads", type=int, default=1)
ap.add_argument("--mode", default="batched")
ap.add_argument("--procs", type=int, default=2)
A = ap.parse_args()
os.environ["OPENBLAS_NUM_THREADS"] = str(A.threads)
for k in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):  # NumPy picks the kernel that fits the CPU
    os.environ.pop(k, None)
import numpy as np
from workloads import SINGLE, sweep, load, init, emit

DT = {"f64": np.float64, "f32": np.float32}[A.dtype]


def train_one(x, y, params, batch, epochs, lr, seed, act, loss):
    """One run; returns the per-epoch mean training loss."""
    rng = np.random.default_rng(seed)
    N = len(x)
    Ws = [W.T.copy() for W, _ in params]
    bs = [b.copy() for _, b in params]
    L = len(Ws)
    hist = []
    gather_epoch = x.nbytes < 1 << 25
    for _ in range(epochs):
        perm = rng.permutation(N)
        tot = 0.0
        if gather_epoch:
            xp, yp = x[perm], y[perm]
        for i in range(0, N, batch):
            if gather_epoch:
                xb, yb = xp[i : i + batch], yp[i : i + batch]
            else:
                k = perm[i : i + batch]
                xb, yb = x[k], y[k]
            n = len(xb)
            outs = [xb]
            for l in range(L):
                z = outs[-1] @ Ws[l]
                z += bs[l]
                if l < L - 1:
                    if act == "relu":
                        np.maximum(z, 0, out=z)
                    else:
                        np.negative(z, out=z)
                        np.exp(z, out=z)
                        z += 1.0
                        np.reciprocal(z, out=z)
                outs.append(z)
            d = outs.pop()
            if loss == "mse":
                d -= yb
                f = d.ravel()
                tot += float(f @ f)
            else:
                r = np.arange(n)
                d -= d.max(1, keepdims=True)
                zt = d[r, yb]
                np.exp(d, out=d)
                s = d.sum(1, keepdims=True)
                tot += float(np.log(s).sum() - zt.sum())
                d /= s
                d[r, yb] -= 1.0
            d *= DT(lr / n)
            for l in range(L - 1, -1, -1):
                a = outs[l]
                gW = a.T @ d
                gb = d.sum(0)
                if l:
                    d = d @ Ws[l].T
                    if act == "relu":
                        d *= a > 0
                    else:
                        d *= a
                        d *= 1.0 - a
                Ws[l] -= gW
                bs[l] -= gb
        hist.append((0.5 * tot if loss == "mse" else tot) / N)
    return hist


def train_tiny_batched(x, y, layers, batch, epochs, lrs, seeds):
    """R runs of a one-hidden-layer, one-output sigmoid net at once; the run axis is last (contiguous)."""
    R, N = len(lrs), len(x)
    D, H, _ = layers
    rng = np.random.default_rng(int(seeds[0]) * 7919 + R)
    P = [init(layers, int(s), DT) for s in seeds]
    W0 = np.stack([p[0][0].T for p in P], -1)
    b0 = np.zeros((H, R), DT)  # (D,H,R), (H,R)
    W1 = np.stack([p[1][0][0] for p in P], -1)
    b1 = np.zeros(R, DT)  # (H,R), (R)
    lrs = np.asarray(lrs, DT)
    cols = [np.ascontiguousarray(x[:, d]) for d in range(D)]
    yc = y[:, 0].copy()
    idx = np.tile(np.arange(N, dtype=np.int32), (R, 1))
    hist = []
    A_, T_, X_ = (np.empty((batch, H, R), DT) for _ in range(3))
    for _ in range(epochs):
        rng.permuted(idx, axis=1, out=idx)
        pt = np.ascontiguousarray(idx.T)
        xs = [c[pt] for c in cols]
        ys = yc[pt]
        tot = np.zeros(R, DT)
        for i in range(0, N, batch):
            n = min(batch, N - i)
            a, t, u = A_[:n], T_[:n], X_[:n]
            xb = [v[i : i + n, None, :] for v in xs]
            np.multiply(xb[0], W0[0], out=a)
            for d in range(1, D):
                np.multiply(xb[d], W0[d], out=t)
                a += t
            a += b0
            np.negative(a, out=a)
            np.exp(a, out=a)
            a += 1.0
            np.reciprocal(a, out=a)
            np.multiply(a, W1, out=t)
            e = t.sum(1)
            e += b1
            e -= ys[i : i + n]
            tot += np.einsum("br,br->r", e, e)
            e *= lrs / DT(n)
            e3 = e[:, None, :]
            np.multiply(e3, W1, out=t)  # dL/da with the old W1
            np.multiply(a, e3, out=u)
            W1 -= u.sum(0)
            b1 -= e.sum(0)
            t *= a
            np.subtract(1.0, a, out=a)
            t *= a
            for d in range(D):
                np.multiply(xb[d], t, out=u)
                W0[d] -= u.sum(0)
            b0 -= t.sum(0)
        hist.append(0.5 * tot / N)
    return hist[-1]


def train_batched(x, y, layers, batch, epochs, lrs, seeds):
    """R runs of a relu softmax net at once with stacked matmul: arrays (R, B, units)."""
    R, N = len(lrs), len(x)
    rng = np.random.default_rng(int(seeds[0]) * 7919 + R)
    L = len(layers) - 1
    P = [init(layers, int(s), DT) for s in seeds]
    Ws = [np.stack([p[l][0].T for p in P]) for l in range(L)]
    bs = [np.zeros((R, 1, layers[l + 1]), DT) for l in range(L)]
    idx = np.tile(np.arange(N, dtype=np.int32), (R, 1))
    rr = np.arange(R)[:, None]
    for _ in range(epochs):
        rng.permuted(idx, axis=1, out=idx)
        tot = np.zeros(R)
        for i in range(0, N, batch):
            k = idx[:, i : i + batch]
            xb, yb = x[k], y[k]
            n = k.shape[1]
            outs = [xb]
            bb = np.arange(n)[None]
            for l in range(L):
                z = outs[-1] @ Ws[l]
                z += bs[l]
                if l < L - 1:
                    np.maximum(z, 0, out=z)
                outs.append(z)
            d = outs.pop()
            d -= d.max(2, keepdims=True)
            zt = d[rr, bb, yb]
            np.exp(d, out=d)
            s = d.sum(2, keepdims=True)
            tot += np.log(s).sum((1, 2)) - zt.sum(1)
            d /= s
            d[rr, bb, yb] -= 1.0
            d *= np.asarray(lrs / n, DT)[:, None, None]
            for l in range(L - 1, -1, -1):
                a = outs[l]
                gW = a.transpose(0, 2, 1) @ d
                gb = d.sum(1, keepdims=True)
                if l:
                    d = d @ Ws[l].transpose(0, 2, 1)
                    d *= a > 0
                Ws[l] -= gW
                bs[l] -= gb
    return tot / N


def job_one(a):
    s, x, y, batch, lr, seed = a
    return train_one(
        x, y, init(s["layers"], int(seed), DT), batch, s["epochs"], lr, int(seed), s["act"], s["loss"]
    )[-1]


def job_batched(a):
    s, x, y, batch, lrs, seeds = a
    f = train_tiny_batched if s["act"] == "sigmoid" else train_batched
    return f(x, y, s["layers"], batch, s["epochs"], lrs, seeds)


if __name__ == "__main__":
    w = A.workload
    np.seterr(over="ignore", invalid="ignore")
    if w in SINGLE:
        s = SINGLE[w]
        x, y = load(s["data"], DT)
        t1 = time.perf_counter()
        h = train_one(
            x, y, init(s["layers"], 0, DT), s["batch"], s["epochs"], s["lr"], 0, s["act"], s["loss"]
        )
        emit(f"numpy_{A.dtype}_t{A.threads}", w, time.perf_counter() - t1, h[-1])
    else:
        import multiprocessing as mp

        base, groups = sweep(w)
        s = SINGLE[base]
        x, y = load(s["data"], DT)
        t1 = time.perf_counter()
        jobs = []
        for b, lrs, seeds in groups:
            if A.mode == "mp":
                jobs += [(s, x, y, b, l, k) for l, k in zip(lrs, seeds)]
            else:
                jobs += [(s, x, y, b, lrs[j :: A.procs], seeds[j :: A.procs]) for j in range(A.procs)]
        with mp.get_context("fork").Pool(A.procs) as p:
            out = p.map(
                job_one if A.mode == "mp" else job_batched,
                jobs,
                chunksize=max(1, len(jobs) // 64) if A.mode == "mp" else 1,
            )
        losses = np.concatenate([np.atleast_1d(o) for o in out])
        emit(f"numpy_{A.mode}_{A.dtype}", w, time.perf_counter() - t1, losses)

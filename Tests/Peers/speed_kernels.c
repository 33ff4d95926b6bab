// The kernels of `bench peers` as somebody would write them in C for this one processor: lanes of 16 floats, tiles of 64
// environments, four outputs of a layer at a time. Answers like speed.py.
//
// Usage: speed_kernels rollouts | gradient | forward | peak512 | peak256
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

typedef float V __attribute__((ext_vector_type(16)));
typedef float Vu __attribute__((ext_vector_type(16), aligned(4)));
typedef float V8 __attribute__((ext_vector_type(8)));
typedef uint32_t U __attribute__((ext_vector_type(16)));
typedef int32_t I __attribute__((ext_vector_type(16)));
typedef uint64_t U8 __attribute__((ext_vector_type(8)));
#define IN static inline __attribute__((always_inline))
#define APART static __attribute__((noinline))
enum { ticks = 200, width = 64, chunk = 16 };

#if defined(FUSED)
IN V fm(V a, V b, V c) { return __builtin_elementwise_fma(a, b, c); }
#else
IN V fm(V a, V b, V c) { return a * b + c; }
#endif
IN V all(float x) { return (V)x; }
IN V load(const float *p, int i) { return *(const Vu *)(p + i); }
IN void store(float *p, int i, V v) { *(Vu *)(p + i) = v; }
IN V between(V x, float low, float high) {
    return __builtin_elementwise_min(__builtin_elementwise_max(x, all(low)), all(high));
}
IN float sum(V a) {
    V8 b = a.lo + a.hi;
    __typeof__(b.lo) c = b.lo + b.hi;
    __typeof__(c.lo) d = c.lo + c.hi;
    return d.x + d.y;
}

IN V tangent(V x) {
    x = between(x, -7.90531110763549805f, 7.90531110763549805f);
    V z = x * x;
    V p = fm(z, all(-2.76076847742355e-16f), all(2.00018790482477e-13f));
    p = fm(z, p, all(-8.60467152213735e-11f));
    p = fm(z, p, all(5.12229709037114e-08f));
    p = fm(z, p, all(1.48572235717979e-05f));
    p = fm(z, p, all(6.37261928875436e-04f));
    p = fm(z, p, all(4.89352455891786e-03f)) * x;
    V q = fm(z, all(1.19825839466702e-06f), all(1.18534705686654e-04f));
    q = fm(z, q, all(2.26843463243900e-03f));
    q = fm(z, q, all(4.89352518554385e-03f));
    return p / q;
}

// Of what is left of an angle when the quarter `m` is taken off.
IN void turn(V m, V r, V *sine, V *cosine) {
    U quarter = (U)m;
    V z = r * r;
    V s = fm(z, all(-1.9515295891e-4f), all(8.3321608736e-3f));
    s = fm(z, s, all(-1.6666654611e-1f));
    s = fm(s * z, r, r);
    V c = fm(z, all(2.443315711809948e-5f), all(-1.388731625493765e-3f));
    c = fm(z, c, all(4.166664568298827e-2f));
    c = fm(z, c, all(-0.5f));
    c = fm(z, c, all(1));
    U swapped = ((U)s ^ (U)c) & -(quarter & 1);
    *sine = (V)(((U)s ^ swapped) ^ ((quarter & 2) << 30));
    *cosine = (V)(((U)c ^ swapped) ^ (((quarter + 1) & 2) << 30));
}
IN void turnOf(V angle, V *sine, V *cosine) {
    V m = fm(angle, all(0.636619772f), all(12582912)), q = m - all(12582912);
    V r = fm(q, all(-1.57079637f), angle);
    turn(m, fm(q, all(4.37113883e-08f), r), sine, cosine);
}
IN void turnOfShare(V share, V *sine, V *cosine) {
    V m = fm(share, all(4), all(12582912)), q = m - all(12582912);
    turn(m, fm(q, all(-0.25f), share) * all(6.283185307f), sine, cosine);
}
IN V logarithm(V x) {
    U whole = (U)x - 0x3f3504f3u;
    V e = __builtin_convertvector((I)whole >> 23, V);
    V f = (V)((whole & 0x007fffff) + 0x3f3504f3u) - all(1);
    static const float terms[] = {-1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
                                  -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f};
    V p = all(7.0376836292e-2f);
    for (int i = 0; i < 8; i++) p = fm(f, p, all(terms[i]));
    V z = f * f, y = fm(e, all(-2.12194440e-4f), p * z * f);
    y = fm(z, all(-0.5f), y);
    return fm(e, all(0.693359375f), y + f);
}

IN void product(U x, uint64_t m, U *high, U *low) {
    U8 a = (U8)x, even = (a & 0xffffffffull) * m, odd = (a >> 32) * m;
    *high = (U)((even >> 32) | (odd & ~0xffffffffull));
    *low = (U)((even & 0xffffffffull) | (odd << 32));
}
// Philox4x32-10 of sixteen counters.
IN void philox(U c0, U c1, U c2, U c3, U *out) {
    uint32_t k0 = 0x1234, k1 = 0x5678;
    for (int i = 0; i < 10; i++) {
        U h0, l0, h1, l1;
        product(c0, 0xD2511F53, &h0, &l0);
        product(c2, 0xCD9E8D57, &h1, &l1);
        U n0 = h1 ^ c1 ^ k0, n2 = h0 ^ c3 ^ k1;
        c0 = n0, c1 = l1, c2 = n2, c3 = l0;
        k0 += 0x9E3779B9, k1 += 0xBB67AE85;
    }
    out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
}
IN V share(U a) { return __builtin_convertvector((I)(a >> 8), V) * all(5.9604644775390625e-08f); }
IN void normals(U a, U b, V *first, V *second) {
    V sine, cosine, r = __builtin_elementwise_sqrt(all(-2) * logarithm(share(a) + all(2.98023223876953125e-08f)));
    turnOfShare(share(b), &sine, &cosine);
    *first = r * cosine, *second = r * sine;
}
IN U numbers(int first) { return (U){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15} + (unsigned)first; }

typedef struct {
    int ni, no;
    float *w1, *b1, *w2, *b2, *w3, *b3, *w2t, *w3t, *deviation;
} Network;

enum { plain, bent, back };

// R outputs of a layer for 64 lanes.
IN void rows(const int R, int K, int J, const float *w, const float *b, const float *x, float *y, int mode, const float *h) {
    V acc[16];
    for (int r = 0; r < R; r++)
        for (int q = 0; q < 4; q++) acc[r * 4 + q] = b ? all(b[r]) : all(0);
    for (int k = 0; k < K; k++, x += 64, w += J) {
        V x0 = load(x, 0), x1 = load(x, 16), x2 = load(x, 32), x3 = load(x, 48);
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            V weight = all(w[r]);
            acc[r * 4] = fm(weight, x0, acc[r * 4]);
            acc[r * 4 + 1] = fm(weight, x1, acc[r * 4 + 1]);
            acc[r * 4 + 2] = fm(weight, x2, acc[r * 4 + 2]);
            acc[r * 4 + 3] = fm(weight, x3, acc[r * 4 + 3]);
        }
    }
    for (int r = 0; r < R; r++)
        for (int q = 0; q < 4; q++) {
            V v = acc[r * 4 + q];
            if (mode == bent) v = tangent(v);
            if (mode == back) {
                V value = load(h, r * 64 + q * 16);
                v = v * fm(-value, value, all(1));
            }
            store(y, r * 64 + q * 16, v);
        }
}
IN void layer(int K, int J, const float *w, const float *b, const float *x, float *y, int mode, const float *h) {
    int j = 0;
    for (; j + 4 <= J; j += 4) rows(4, K, J, w + j, b ? b + j : 0, x, y + j * 64, mode, h + j * 64);
    for (; j < J; j++) rows(1, K, J, w + j, b ? b + j : 0, x, y + j * 64, mode, h + j * 64);
}
APART void layerBent(int K, int J, const float *w, const float *b, const float *x, float *y) {
    layer(K, J, w, b, x, y, bent, x);
}
APART void layerPlain(int K, int J, const float *w, const float *b, const float *x, float *y) {
    layer(K, J, w, b, x, y, plain, x);
}
APART void layerBack(int K, int J, const float *w, const float *x, float *y, const float *h) {
    layer(K, J, w, 0, x, y, back, h);
}
static void forward(const Network *n, const float *x, float *h1, float *h2, float *mean) {
    layerBent(n->ni, width, n->w1, n->b1, x, h1);
    layerBent(width, width, n->w2, n->b2, h1, h2);
    layerPlain(width, n->no, n->w3, n->b3, h2, mean);
}

APART void noise(int first, int block, unsigned run, float *eps) {
    for (int q = 0; q < 4; q++) {
        U o[4];
        V a, b, c, d;
        philox(numbers(first + q * 16), (U)(unsigned)block, (U)run, (U)0, o);
        normals(o[0], o[1], &a, &b);
        normals(o[2], o[3], &c, &d);
        store(eps, q * 16, a), store(eps, 64 + q * 16, b), store(eps, 128 + q * 16, c), store(eps, 192 + q * 16, d);
    }
}
APART void pendulum(float *s, const float *mean, const float *eps, float deviation, float *act, float *reward) {
    for (int o = 0; o < 64; o += 16) {
        V theta = load(s, o), omega = load(s, 64 + o), a = fm(all(deviation), load(eps, o), load(mean, o)), sine, cosine;
        store(act, o, a);
        V u = between(a, -2, 2);
        turnOf(theta, &sine, &cosine);
        store(reward, o, -fm(theta, theta, fm(all(0.1f) * omega, omega, all(0.001f) * u * u)));
        omega = between(fm(fm(all(15), sine, all(3) * u), all(0.05f), omega), -8, 8);
        theta = fm(omega, all(0.05f), theta);
        V turns = __builtin_elementwise_roundeven(theta * all(0.159154943f));
        store(s, o, fm(turns, all(-6.283185307f), theta)), store(s, 64 + o, omega);
    }
}

static float h1[chunk * 64 * 64], h2[chunk * 64 * 64], d1[chunk * 64 * 64], d2[chunk * 64 * 64];
static float mean[chunk * 64 * 4], d3[chunk * 64 * 4], eps[256];

static void play(const Network *n, float *seen, float *act, float *reward, int tile, unsigned run) {
    float s[128];
    for (int q = 0; q < 4; q++) {
        U o[4];
        philox(numbers(tile * 64 + q * 16), (U)0, (U)run, (U)1, o);
        store(s, q * 16, fm(share(o[0]), all(6.283185307f), all(-3.141592653f)));
        store(s, 64 + q * 16, fm(share(o[1]), all(2), all(-1)));
    }
    for (int t = 0; t < ticks; t++) {
        float *x = seen + t * 192;
        for (int o = 0; o < 64; o += 16) {
            V sine, cosine;
            turnOf(load(s, o), &sine, &cosine);
            store(x, o, cosine), store(x, 64 + o, sine), store(x, 128 + o, load(s, 64 + o));
        }
        forward(n, x, h1, h2, mean);
        if ((t & 3) == 0) noise(tile * 64, t >> 2, run, eps);
        pendulum(s, mean, eps + (t & 3) * 64, expf(n->deviation[0]), act + t * 64, reward + t * 64);
    }
}

// The gradient by a block of weights: lane by lane over all samples of a chunk, added up at its end.
IN void weightBlock(const int RJ, const int RK, int nt, const float *d, int ds, const float *x, int xs, float *g, int J) {
    V acc[24];
    for (int i = 0; i < 24; i++) acc[i] = all(0);
    for (int t = 0; t < nt; t++, d += ds, x += xs)
        for (int q = 0; q < 4; q++) {
            V dv[4];
            for (int r = 0; r < RJ; r++) dv[r] = load(d, r * 64 + q * 16);
#pragma clang loop unroll(full)
            for (int k = 0; k < RK; k++) {
                V value = load(x, k * 64 + q * 16);
                for (int r = 0; r < RJ; r++) acc[k * 4 + r] = fm(dv[r], value, acc[k * 4 + r]);
            }
        }
    for (int k = 0; k < RK; k++)
        for (int r = 0; r < RJ; r++) g[k * J + r] += sum(acc[k * 4 + r]);
}
IN void weightRow(const int RJ, int nt, const float *d, int ds, int K, const float *x, float *g, int J) {
    int k = 0;
    for (; k + 6 <= K; k += 6) weightBlock(RJ, 6, nt, d, ds, x + k * 64, K * 64, g + k * J, J);
    for (; k + 2 <= K; k += 2) weightBlock(RJ, 2, nt, d, ds, x + k * 64, K * 64, g + k * J, J);
    if (k < K) weightBlock(RJ, 1, nt, d, ds, x + k * 64, K * 64, g + k * J, J);
}
APART void weights(int nt, int J, const float *d, int K, const float *x, float *g) {
    int j = 0;
    for (; j + 4 <= J; j += 4) weightRow(4, nt, d + j * 64, J * 64, K, x, g + j, J);
    for (; j < J; j++) weightRow(1, nt, d + j * 64, J * 64, K, x, g + j, J);
}
APART void biases(int nt, int J, const float *d, float *g) {
    for (int j = 0; j < J; j++) {
        V a = all(0);
        for (int t = 0; t < nt; t++) {
            const float *p = d + (t * J + j) * 64;
            a += (load(p, 0) + load(p, 16)) + (load(p, 32) + load(p, 48));
        }
        g[j] += sum(a);
    }
}
static void gradient(const Network *n, int nt, const float *seen, const float *act, const float *w, float *g) {
    int no = n->no, ni = n->ni;
    float *own = g + (ni + 1) * 64 + 65 * 64 + 65 * no;
    for (int t = 0; t < nt; t++) {
        float *a1 = h1 + t * 4096, *a2 = h2 + t * 4096, *mu = mean + t * no * 64, *e3 = d3 + t * no * 64;
        forward(n, seen + t * ni * 64, a1, a2, mu);
        for (int o = 0; o < no; o++) {
            float precision = expf(-2 * n->deviation[o]);
            V s = all(0);
            for (int q = 0; q < 64; q += 16) {
                V e = load(act + t * no * 64, o * 64 + q) - load(mu, o * 64 + q), weight = load(w + t * 64, q);
                V scaled = e * all(precision);
                store(e3, o * 64 + q, scaled * weight);
                s += weight * fm(scaled, e, all(-1));
            }
            own[o] += sum(s);
        }
        layerBack(no, 64, n->w3t, e3, d2 + t * 4096, a2);
        layerBack(64, 64, n->w2t, d2 + t * 4096, d1 + t * 4096, a1);
    }
    weights(nt, 64, d1, ni, seen, g), g += ni * 64;
    biases(nt, 64, d1, g), g += 64;
    weights(nt, 64, d2, 64, h1, g), g += 64 * 64;
    biases(nt, 64, d2, g), g += 64;
    weights(nt, no, d3, 64, h2, g), g += 64 * no;
    biases(nt, no, d3, g);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}
static float *room(long count) {
    float *p = aligned_alloc(64, ((count + 64) * 4 + 63) / 64 * 64);
    for (long i = 0; i < count; i++) p[i] = (float)((i * 7919) % 2003) / 10015.0f - 0.1f;
    return p;
}
static Network network(int ni, int no) {
    Network n = {ni, no, room(ni * 64), room(64), room(4096), room(64), room(64 * no), room(no), room(4096), room(64 * no), room(no)};
    for (int i = 0; i < 64; i++)
        for (int j = 0; j < 64; j++) n.w2t[j * 64 + i] = n.w2[i * 64 + j];
    for (int i = 0; i < 64; i++)
        for (int j = 0; j < no; j++) n.w3t[j * 64 + i] = n.w3[i * no + j];
    for (int o = 0; o < no; o++) n.deviation[o] = -0.5f;
    return n;
}

static Network net;
static float *seen, *act, *reward, *result;
static volatile float sink;
enum { lanes = 1024, samples = 102400, peakSteps = 2000000 };

static double workRollouts(void) {
    static unsigned run;
    run++;
    for (int tile = 0; tile < lanes / 64; tile++)
        play(&net, seen + tile * ticks * 192, act + tile * ticks * 64, reward + tile * ticks * 64, tile, run);
    return (double)lanes * ticks;
}
static double workGradient(void) {
    memset(result, 0, 6000 * 4);
    for (int c = 0; c < samples / 64 / chunk; c++)
        gradient(&net, chunk, seen + c * chunk * 11 * 64, act + c * chunk * 3 * 64, reward + c * chunk * 64, result);
    return samples;
}
static double workForward(void) {
    for (int k = 0; k < 1600; k++) forward(&net, seen, h1, h2, mean);
    return 1600 * 64;
}
// Billions of operations in a second, two for each fused product, with nothing but registers.
#if defined(__x86_64__)
__attribute__((target("avx512f"), noinline)) static double workPeak512(void) {
    __m512 a[16];
    for (int i = 0; i < 16; i++) a[i] = _mm512_set1_ps(1.0f + i * 1e-3f);
    __m512 m = _mm512_set1_ps(0.999f), c = _mm512_set1_ps(1e-3f), s = c;
    for (long k = 0; k < peakSteps; k++) {
        for (int i = 0; i < 16; i++) a[i] = _mm512_fmadd_ps(a[i], m, c);
        __asm__ volatile("" ::: "memory");
    }
    for (int i = 0; i < 16; i++) s = _mm512_add_ps(s, a[i]);
    sink = _mm512_reduce_add_ps(s);
    return peakSteps * 16.0 * 16 * 2 / 1e9;
}
__attribute__((target("avx2,fma"), noinline)) static double workPeak256(void) {
    __m256 a[12];
    for (int i = 0; i < 12; i++) a[i] = _mm256_set1_ps(1.0f + i * 1e-3f);
    __m256 m = _mm256_set1_ps(0.999f), c = _mm256_set1_ps(1e-3f), s = c;
    for (long k = 0; k < peakSteps; k++) {
        for (int i = 0; i < 12; i++) a[i] = _mm256_fmadd_ps(a[i], m, c);
        __asm__ volatile("" ::: "memory");
    }
    for (int i = 0; i < 12; i++) s = _mm256_add_ps(s, a[i]);
    sink = s[0] + s[5];
    return peakSteps * 12.0 * 8 * 2 / 1e9;
}
#endif

int main(int count, char **words) {
    struct { const char *name; double (*work)(void); } works[] = {
        {"rollouts", workRollouts}, {"gradient", workGradient}, {"forward", workForward},
#if defined(__x86_64__)
        {"peak512", workPeak512}, {"peak256", workPeak256},
#endif
    };
    double (*work)(void) = 0;
    for (unsigned i = 0; i < sizeof works / sizeof *works; i++)
        if (count == 2 && !strcmp(words[1], works[i].name)) work = works[i].work;
    if (!work) return printf("absent: no such work\n"), 0;
    int isPlay = work == workRollouts;
    net = isPlay ? network(3, 1) : network(11, 3);
    seen = room((long)samples * 11 + lanes * ticks), act = room(samples * 3), reward = room(lanes * ticks), result = room(6000);
    work(), work();
    printf("clang %s\n", __clang_version__);
    fflush(stdout);
    for (char line[16]; fgets(line, sizeof line, stdin);) {
        double best = 0;
        for (double end = now() + 0.4; now() < end;) {
            double before = now(), units = work(), rate = units / (now() - before);
            if (rate > best) best = rate;
        }
        printf("%.9g\n", best);
        fflush(stdout);
    }
    return 0;
}

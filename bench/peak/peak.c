/*
 * How fast can one core of this machine multiply and add? With the widest registers that the compiler finds and fused
 * operations where there are any; or, with -DBYTES=16 -ffp-contract=off, as WebAssembly has to: 128 bits, a product and then
 * a sum. Twelve chains that do not wait for each other keep the units busy, and nothing is loaded or stored. Prints GFLOP/s.
 */
#include <stdio.h>
#include <time.h>

#if defined(BYTES)
#elif defined(__AVX512F__)
#define BYTES 64
#elif defined(__AVX__)
#define BYTES 32
#else
#define BYTES 16
#endif

typedef float lanes __attribute__((vector_size(BYTES)));
#define LANES (BYTES / 4)
#define CHAINS 12

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

int main(void) {
  const long rounds = 4000000;
  double best = 0;
  volatile float sink = 0;
  for (int run = 0; run < 8; run++) {
    lanes x = {0}, y = {0}, a[CHAINS];
    x += 0.999f;
    y += 0.001f;
    for (int c = 0; c < CHAINS; c++) a[c] = y * (float)c;
    double begin = now();
    for (long round = 0; round < rounds; round++)
#pragma GCC unroll 12
      for (int c = 0; c < CHAINS; c++) a[c] = a[c] * x + y;
    double seconds = now() - begin;
    for (int c = 0; c < CHAINS; c++) sink += a[c][0];
    double rate = 2e-9 * LANES * CHAINS * rounds / seconds;
    if (rate > best) best = rate;
  }
  printf("%d %.2f\n", BYTES * 8, best);
  return sink == 12345;
}
